"""Lists as people write them down: no verb, the quantity behind its noun, of which kind, and changes of mind."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.composer.offline import OfflineComposer
from core.composer.offline.behind import put_before
from core.composer.offline.text import Written
from core.errors import ReadingRefused


def items(text: str) -> list[tuple[Any, str]]:
    request = OfflineComposer().read(text).request
    return [(item.quantity, item.name) for item in request.items]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Envelopes, three boxes; staples, two packs; pens, forty", [(3, "envelope"), (2, "staple"), (40, "pen")]),
        ("gas heaters, two of them, and five blankets", [(2, "gas heater"), (5, "blanket")]),
        ("rice pudding times four and a spoon", [(4, "rice pudding"), (1, "spoon")]),
        ("chinos, 32 by 30, two pair, and a belt", [(2, "chino"), (1, "belt")]),
        ("hex bolts 40 pcs, washers 80 pcs", [(40, "hex bolt"), (80, "washer")]),
        ("flour 2 kilos, eggs, one dozen", [(2, "flour"), (12, "egg")]),
        ("we need toilet paper, nine rolls, and sponges", [(9, "toilet paper"), (1, "sponge")]),
        ("mittens for the three girls, red, one pair each", [(3, "mitten")]),
        ("8 nos. desk fans and 3 nos. printers", [(8, "desk fan"), (3, "printer")]),
        ("mops, 2 buckets", [(1, "mop"), (2, "bucket")]),
        ("Order a ladder, 3 m, and a hammer", [(1, "ladder"), (1, "hammer")]),
        ("lime 12 bags, sand 3 tonnes, tiles 250 nos", [(12, "lime"), (3, "sand"), (250, "tile")]),
        ("party kit: aprons 15, visors 15, cups 40", [(15, "apron"), (15, "visor"), (40, "cup")]),
        ("gloves: 8 pairs, boots: 2 pairs", [(8, "glove"), (2, "boot")]),
        ("Qty 7 - safety visors; Qty 9 - hard hats", [(7, "safety visor"), (9, "hard hat")]),
        ("sd cards 64gb (x2), usb chargers 20w (x1)", [(2, "sd card"), (1, "usb charger")]),
        ("pie and mash twice and a cola", [(2, "pie and mash"), (1, "cola")]),
        ("lamps, e14, cool white, five of", [(5, "lamp")]),
        ("20kg sack of potatoes, two of those", [(2, "20 kg sack of potatoes")]),
        ("hard caps x8 (red), vests x8 (L)", [(8, "hard cap"), (8, "vest")]),
        ("five pairs of clogs: two size 7, three size 8", [(5, "clog")]),
        ("trainers, 9, and a cap", [(1, "trainer"), (1, "cap")]),
        ("Quantity required: 11. Item: bar stools.", [(11, "bar stool")]),
        ("3/8 inch rivets, four boxes", [(4, "3/8 inch rivet")]),
        ("8 mm dowels, 40, and a mallet", [(40, "8 mm dowel"), (1, "mallet")]),
        ("Qty: 9, item: mop heads, deliver by friday", [(9, "mop head")]),
        ("We need more flour: 6 bags", [(6, "flour")]),
        ("get us some more pens, 40", [(40, "pen")]),
    ],
)
def test_a_quantity_behind_its_noun(text: str, expected: list[tuple[Any, str]]) -> None:
    assert items(text) == expected


@pytest.mark.parametrize(
    ("text", "name", "seats"),
    [
        ("PyCharm Professional, 4 seats, annual", "pycharm professional licence", 4),
        ("Evernote subscription, yearly, six user logins", "evernote subscription", 6),
        ("slack teams x 12", "slack teams licence", 12),
        ("adobe acrobat pro, single user", "adobe acrobat pro licence", 1),
        ("Cubase Artist, single licence", "cubase artist licence", 1),
        ("duolingo family plan", "duolingo family plan", 1),
        ("playstation plus premium for 3 months", "playstation plus premium", 1),
    ],
)
def test_a_program_by_its_name(text: str, name: str, seats: int) -> None:
    request = OfflineComposer().read(text).request
    assert (request.workflow_type, request.items[0].name, request.seats) == ("software_license", name, seats)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("green parka size large and like two pairs of jeans", [(1, "green parka"), (2, "jeans")]),
        ("toaster and a bread knife, leave it on the porch", [(1, "toaster"), (1, "bread knife")]),
        ("second hand copy of Emma", [(1, "emma")]),
        ("a soup, egg fried rice and a naan", [(1, "soup"), (1, "egg fried rice"), (1, "naan")]),
        ("need 14 hi-vis vests size L & 6 size XL by thursday", [(14, "hi-vis vest"), (6, "hi-vis vest")]),
        ("order 5 shirts size M, 3 size L and a hat", [(5, "shirt"), (3, "shirt"), (1, "hat")]),
        (
            "3 rolls masking tape; 2 tins white paint; 1 dust sheet",
            [(3, "masking tape"), (2, "white paint"), (1, "dust sheet")],
        ),
        ("12 yds of navy linen @ 18.50/yd", [(12, "navy linen")]),
        ("3 doz. brown eggs, 2 lb butter, 1/2 gal whole milk", [(36, "brown egg"), (2, "butter"), (0.5, "whole milk")]),
        ("a half dozen buns, make that a full dozen, and four teas two black two white", [(12, "bun"), (4, "tea")]),
        ("order 1 pallet (48 bags) of cement", [(1, "cement")]),
        ("order 2 rugs 3 red lamps", [(2, "rug"), (3, "red lamp")]),
        ("Order a case of Malbec and don't send me any marketing emails", [(1, "malbec")]),
        ("we're out of coffee, order more", [(1, "coffee")]),
        ("low on staples so please order some more", [(1, "staple")]),
        ("we used the last bag of flour and need you to order a new bag of it", [(1, "flour")]),
        ("I'm out of town and need it by friday: 3 mugs", [(3, "mug")]),
        ("2 car seats for the boys, one rear facing and one forward facing", [(2, "car seat")]),
        ("three colas but just one lemonade", [(3, "cola"), (1, "lemonade")]),
        ("1x sewing box 2x bobbin set 10x needles", [(1, "sewing box"), (2, "bobbin set"), (10, "needle")]),
        ("order 5 - no, 7 - stools and a jug", [(7, "stool"), (1, "jug")]),
        ("get me a burger and set it to be delivered at five pm", [(1, "burger")]),
        ("can i get a latte, and can you make it a little cooler", [(1, "latte")]),
        ("I want an extra frothy cortado please", [(1, "extra frothy cortado")]),
        ("order 6 violins... no wait 5, the sixth one got repaired", [(5, "violin")]),
        ("order 2 eggs at $3 each and bread at $2", [(2, "egg"), (1, "bread")]),
        ("order a lamp at $9 and shipping at $4", [(1, "lamp")]),
        ("order 2 hats 15 each", [(2, "hat")]),
        ("order 8 mm dowels", [(1, "8 mm dowel")]),
        ("100 mm pipe and 50 mm pipe", [(1, "100 mm pipe"), (1, "50 mm pipe")]),
        ("please order 3 10 inch pizzas", [(3, "10 inch pizza")]),
        ("a burger, a lemonade and onion rings", [(1, "burger"), (1, "lemonade"), (1, "onion ring")]),
        ("Order copy paper, 4 reams, and ink", [(4, "copy paper"), (1, "ink")]),
        ("a scone and honestly the largest muffin you've got", [(1, "scone"), (1, "largest muffin")]),
        ("a cooker, the four burner, and a kettle", [(1, "cooker"), (1, "kettle")]),
        ("6 switches, 48 port, and 2 racks", [(6, "switch"), (2, "rack")]),
        ("two lamps and three smoke alarms, the five year battery sort", [(2, "lamp"), (3, "smoke alarm")]),
        ("a night lamp and one of they wool rugs", [(1, "night lamp"), (1, "wool rug")]),
        ("plums x6, pears, one bag, rye bread", [(6, "plum"), (1, "pear"), (1, "rye bread")]),
        ("rice, shampoo, bin liners", [(1, "rice"), (1, "shampoo"), (1, "bin liner")]),
        ("a pint of milk, a loaf of bread, jam, six eggs", [(1, "milk"), (1, "bread"), (1, "jam"), (6, "egg")]),
        ("a latte, oat milk, and a flapjack", [(1, "latte"), (1, "flapjack")]),
        ("sideboard, oak, 140 x 45, and a mirror", [(1, "sideboard"), (1, "mirror")]),
        ("4 wraps, three chicken and one bean", [(4, "wrap")]),
        ("get me 12 fleeces, 5 in M and 7 in XXL", [(12, "fleece")]),
        ("we need 9 polo shirts: 4 in small, 5 in size 12", [(9, "polo shirt")]),
        ("supper for two: 2 biryanis, a dal and a naan", [(2, "biryani"), (1, "dal"), (1, "naan")]),
        ("a box of 50 pencils and a set of six mugs", [(1, "pencil"), (1, "mug")]),
        ("eight of the red cups and two of the green", [(8, "red cup"), (2, "green cup")]),
        ("two adult and four child wetsuits", [(2, "adult wetsuit"), (4, "child wetsuit")]),
        ("pair of sandals and a watering can", [(1, "sandal"), (1, "watering can")]),
        (
            '14" pepperoni pizza, a green salad and two colas',
            [(1, "14-inch pepperoni pizza"), (1, "green salad"), (2, "cola")],
        ),
        ("1 1/2 kilos of carrots", [(Decimal("1.5"), "carrot")]),
        ("900 leaflets A5 glossy and 30 posters A1", [(900, "leaflet"), (30, "poster")]),
        ("I want one of those juicers, so one juicer", [(1, "juicer")]),
        ("900 cups and 300 lids, the lids are blue", [(900, "cup"), (300, "lid")]),
    ],
)
def test_what_is_on_a_list(text: str, expected: list[tuple[Any, str]]) -> None:
    assert items(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("order 5 stools, make that a dozen", [(12, "stool")]),
        ("he wanted four lamps, then five, so five it is", [(5, "lamp")]),
        ("a pie and 2 lattes, no not lattes, 2 mochas", [(1, "pie"), (2, "mocha")]),
        ("a soup and a mango lassi, wait they don't do lassi, a cola", [(1, "soup"), (1, "cola")]),
        ("a webcam, not the white one, the black one", [(1, "webcam")]),
    ],
)
def test_a_change_of_mind(text: str, expected: list[tuple[Any, str]]) -> None:
    assert items(text) == expected


@pytest.mark.parametrize(
    "text", ["Order crayons for my class, a bunch of them", "haul me six or seven yards of gravel"]
)
def test_no_number_behind_its_noun(text: str) -> None:
    with pytest.raises(ReadingRefused) as refused:
        items(text)
    assert refused.value.code == "ambiguous_quantity"


@pytest.mark.parametrize("text", ["coffee, it was great", "pizza and two beers is all we had", "coffee and a chat"])
def test_talk_about_things_is_no_list(text: str) -> None:
    with pytest.raises(ReadingRefused) as refused:
        items(text)
    assert refused.value.code == "not_an_order"


def test_what_is_put_before_keeps_its_place() -> None:
    reading = OfflineComposer().read("Paint, two tins, please")
    places = {span.field: reading.text[span.start : span.end] for span in reading.spans}
    assert (places["items.0.name"], places["items.0.quantity"], places["items.0.unit"]) == ("Paint", "two", "tins")
    assert reading.request.items[0].quantity == Decimal(2)


@pytest.mark.parametrize(
    "text", ["reserve dinner for eight at 7:30", "order 2 mugs, 3 lids", "wine, 1998", "a bed, 2 side tables", "a fan"]
)
def test_what_is_in_order_stays(text: str) -> None:
    assert put_before(Written(text)).text == text


@pytest.mark.parametrize(
    "text",
    ["my lamps, two of them, are broken", "hulu and chill", "webex call at 5", "lightroom this picture, two versions"],
)
def test_a_thing_or_a_program_that_is_spoken_of_is_not_ordered(text: str) -> None:
    with pytest.raises(ReadingRefused):
        items(text)
