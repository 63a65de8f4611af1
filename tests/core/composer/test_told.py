"""What is told of is no order, however many things it counts; what only sounds like it is one."""

from __future__ import annotations

import pytest

from core.composer.offline import OfflineComposer
from core.errors import ReadingRefused


@pytest.mark.parametrize(
    "text",
    [
        "I left 5 umbrellas on the tram",
        "He quietly hid 2 rings under the mattress",
        "We keep 6 ducks by the pond",
        "My niece feeds 3 ponies behind the house",
        "Our baker made 40 scones for the fair",
        "Last spring they built 6 sheds along the fence",
        "Martha sold 4 quilts",
        "The dog knocked over 2 vases",
        "In the end, 3 cups broke",
        "To our delight 12 geese landed on the lake",
        "2 kettles exploded at once",
        "Forecast: 3 sunny days",
        "My rating: 2 stars for the lamps",
        "Final score: 4 tries",
        "Headlines today: 5 boats",
        "Grandad planted 4 trees",
        "Our kids eat 3 pies each Friday",
        "3 ducks swim on the pond",
        "I have a reservation for six at 11:15 and I need to cancel it",
        "The 8 stools in the hall wobble",
        "Our 4 taps at the farm leak",
        "The 3 wardrobes you delivered are scratched",
        "You owe me 2 pencils",
        "Count the 9 lamps",
        "I'm returning 3 lamps",
        "For sale: 3 bikes",
        "It weighs as much as 3 pianos",
        "Congratulations on the 4 medals",
        "I'm on page 40 of the book",
    ],
)
def test_what_somebody_or_something_did_is_no_order(text: str) -> None:
    with pytest.raises(ReadingRefused) as refused:
        OfflineComposer().read(text)
    assert refused.value.code == "not_an_order"


@pytest.mark.parametrize(
    ("text", "quantity", "name"),
    [
        ("I reckon 3 kettles would do", 3, "kettle"),
        ("we lack 4 lamps", 4, "lamp"),
        ("i take 3 pots", 3, "pot"),
        ("This calls for 3 pizzas", 3, "pizza"),
        ("The kids two pizzas", 2, "pizza"),
        ("6 walking sticks", 6, "walking stick"),
        ("2 lamps left over from the sale, if there are any", 2, "lamp"),
        ("Please put 3 mugs aside", 3, "mug"),
        ("6 chairs upholstered in green", 6, "chair"),
        ("exercise books: 30", 30, "exercise book"),
        ("Get me 2 Ring doorbells", 2, "ring doorbell"),
        ("Hello, might I trouble you for five cushions?", 5, "cushion"),
        ("I vote for 3 pizzas", 3, "pizza"),
        ("We were hoping for 9 wetsuits", 9, "wetsuit"),
        ("What we're after is 15 lamps", 15, "lamp"),
        ("Herewith our order for 20 lamps", 20, "lamp"),
        ("You can put 4 lamps on the order", 4, "lamp"),
        ("If out of stock email me, otherwise 8 lamps", 8, "lamp"),
        ("I was going to get 4 oars, but 6 would be better", 6, "oar"),
        ("Not five saddles but seven", 7, "saddle"),
    ],
)
def test_what_only_sounds_like_a_tale_is_an_order(text: str, quantity: int, name: str) -> None:
    [item] = OfflineComposer().read(text).request.items
    assert (item.quantity, item.name) == (quantity, name)


@pytest.mark.parametrize("where", ["don't ring the bell", "please knock on the door", "do not use the buzzer"])
def test_what_is_told_to_whoever_brings_it_is_no_call(where: str) -> None:
    reading = OfflineComposer().read(f"Order 3 kettles and {where}")
    assert reading.request.notifications.call is None
    assert [item.name for item in reading.request.items] == ["kettle"]
