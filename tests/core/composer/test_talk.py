"""Orders as they are said aloud: dishes, lists without commas, hours and days in words, tables, rides."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.composer.offline import OfflineComposer
from core.models import OrderRequest


def read(text: str) -> OrderRequest:
    return OfflineComposer().read(text).request


def items(text: str) -> list[tuple[Any, str]]:
    return [(item.quantity, item.name) for item in read(text).items]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "gimme a veggie wrap easy mayo extra pickles a bag of pretzels and a cola",
            ["veggie wrap", "pretzel", "cola"],
        ),
        (
            "two omelettes no onions no peppers um a large hash browns and a tea",
            ["omelette", "large hash brown", "tea"],
        ),
        ("a cobb salad ranch on the side and two lemonades", ["cobb salad", "lemonade"]),
        ("i want a double espresso add oat milk", ["double espresso"]),
        ("three fish tacos no cabbage a quesadilla and a horchata", ["fish taco", "quesadilla", "horchata"]),
        ("an iced coffee half sweet and a scone", ["iced coffee", "scone"]),
        ("one cobb salad, one chowder, and bread", ["cobb salad", "chowder", "bread"]),
        ("one large half olive half mushroom pizza", ["large half olive half mushroom pizza"]),
    ],
)
def test_what_is_on_a_dish_or_left_off_ends_its_name(text: str, expected: list[str]) -> None:
    assert [name for _, name in items(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("get a quarter pound of gouda and three quarters of a pound of ham", [("0.25", "gouda"), ("0.75", "ham")]),
        ("two and a quarter pounds of veal", [("2.25", "veal")]),
        ("a kilo and a quarter of prawns", [("1.25", "prawn")]),
        ("2 quarter pound burgers", [("2", "quarter pound burger")]),
        ("two cans of corn no wait make it four cans and a leek", [("4", "corn"), ("1", "leek")]),
        ("order two jars of jam no four spoons", [("4", "spoon")]),
        ("i need bin bags the big ones and bleach", [("1", "bin bag"), ("1", "bleach")]),
        ("order paper cups the fifty pack two mops", [("1", "paper cup"), ("2", "mop")]),
        ("okay grocery list oat milk and uh three leeks", [("1", "oat milk"), ("3", "leek")]),
        ("put in a grocery order for me uh three plums", [("3", "plum")]),
        ("pick up some things for me a bag of ice two cases of cider", [("1", "ice"), ("2", "cider")]),
        ("jot down six plums a sack of rice", [("6", "plum"), ("1", "rice")]),
        ("put eggs on the list and a gallon of milk", [("1", "egg"), ("1", "milk")]),
        ("a bunch of kale and two limes", [("1", "kale"), ("2", "lime")]),
        ("some of that nice vinegar two bottles", [("2", "nice vinegar")]),
        ("send another two mops", [("2", "mop")]),
        ("our kettle broke so please send another one", [("1", "kettle")]),
        ("my earphones died get me a new pair", [("1", "earphones")]),
        ("i need ground veal two pounds potatoes", [("1", "ground veal"), ("2", "potato")]),
        ("6 pillows, my cousins are staying too", [("6", "pillow")]),
        ("for the hike:\n- flasks x 12\n- whistles x 4", [("12", "flask"), ("4", "whistle")]),
    ],
)
def test_lists_that_are_spoken(text: str, expected: list[tuple[str, str]]) -> None:
    assert items(text) == [(Decimal(many), name) for many, name in expected]


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("get us on the train from derby to crewe monday morning the six fifteen one", "06:15"),
        ("put me on the nine forty five from derby to crewe wednesday", "09:45"),
        ("a perm on wednesday after work like five thirty with the same girl", "17:30"),
        ("fit me in for a perm on the nineteenth like ten thirty", "10:30"),
        ("book an eye test on thursday say four", "16:00"),
        ("dinner for eight friday at six it's a birthday", "18:00"),
        ("table for six at the mill on friday eight ish outside", "20:00"),
        ("hold the corner booth for us friday at seven", "19:00"),
        ("my flight's at noon so i need a ride to the airport by ten", "10:00"),
        ("two tickets for the nine forty showing of the new thriller", "21:40"),
        ("my flight lands at six can you send a driver to the airport", "18:00"),
        ("get two fifty watt bulbs for friday", None),
        ("order seven ten foot poles by friday", None),
    ],
)
def test_hours_in_words(text: str, time: str | None) -> None:
    assert read(text).time == time


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("fly from derby to cork on the ninth and back the thirteenth just me", ("the 9th", "the 13th")),
        ("two tickets to the derby on the fourteenth lower tier", ("the 14th", None)),
        ("a cab to the zoo. The day is 13th of this month", ("13th of this month", None)),
        ("order 3 chairs for the desk on the fifth floor", (None, None)),
    ],
)
def test_days_in_words(text: str, days: tuple[str | None, str | None]) -> None:
    request = read(text)
    assert (request.date, request.return_date) == days


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("i need to fly out of derby to cork just me and i'd like economy", 1),
        ("a flight from derby to cork for both my parents", 2),
        ("a flight from derby to cork at eleven five of us", 5),
    ],
)
def test_who_travels(text: str, people: int) -> None:
    assert read(text).passengers == people


@pytest.mark.parametrize(
    ("text", "mode", "place"),
    [
        ("rent me a van in jersey city a big one from may second to may ninth", "car", "jersey city"),
        ("i need a room in fort worth from june fourth through june sixth", "hotel", "fort worth"),
        ("a suite for 2 adults in santa fe for may 15th", "hotel", "santa fe"),
        ("I am travelling to Nevada and need a rental car for the trip", "car", "Nevada"),
        (
            "can someone pick me up at the bus station at nine tonight and take me to 9 birch lane",
            "taxi",
            "9 birch lane",
        ),
        ("can you have a cab waiting at 48 pine street at six forty tomorrow going to the zoo", "taxi", "zoo"),
        ("i gotta get to midway by seven tomorrow can you send a car", "taxi", "midway"),
        ("book a flight to uh where is it mesa from reno next monday", "flight", "mesa"),
        ("I'm going to ORD. Can you book flight tickets?", "flight", "ORD"),
        ("can you assist me in finding a flight", "flight", None),
    ],
)
def test_trips_that_are_spoken(text: str, mode: str, place: str | None) -> None:
    request = read(text)
    assert (request.travel_mode, request.destination) == (mode, place)


@pytest.mark.parametrize(
    ("text", "many"),
    [
        ("hold us a booth at the mill for three tomorrow at noon", 3),
        ("hold a table outside for two at the mill on sunday at noon", 2),
        ("we're gonna be ten people saturday at seven can you book us a table somewhere greek", 10),
        ("dinner for seven at the oak room on saturday around eight fifteen", 7),
        ("can we get in at that new noodle place friday around seven for four", 4),
        ("we'd love a table at the lake grill on the sixteenth at seven just the two of us", 2),
        ("squeeze us in for brunch at the mill sunday at eleven five of us", 5),
    ],
)
def test_tables_that_are_held(text: str, many: int) -> None:
    request = read(text)
    assert (request.workflow_type, request.attendees) == ("service_appointment", many)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("the dryer's making a noise can you get someone to come fix it", "dryer repair"),
        ("can you book me a massage like a deep tissue one for sunday", "massage"),
        ("my van's making a rattling noise can i bring it in thursday", "van repair"),
        ("i wanna book a cut and color on friday", "cut and color"),
        ("squeeze my brother in for a scalp polish on monday", "scalp polish"),
        ("book the car in for a service on monday", "service"),
    ],
)
def test_somebodys_time_that_is_spoken(text: str, name: str) -> None:
    request = read(text)
    assert (request.workflow_type, request.items[0].name) == ("service_appointment", name)


def test_what_is_overnighted_comes_overnight() -> None:
    assert read("one sump pump, overnight it please").shipping_method == "overnight"


def test_a_condition_that_begins_with_should_is_no_question() -> None:
    assert read("3 desks please. Should we run over budget, cancel the order").conditions
