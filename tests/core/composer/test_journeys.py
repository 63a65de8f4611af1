"""Trips, rides, tables and services by their structure, and what only looks like them."""

from __future__ import annotations

import pytest

from core.composer.offline import OfflineComposer
from core.composer.offline.goods import has_goods
from core.errors import ReadingRefused
from core.models import OrderRequest


def read(text: str) -> OrderRequest:
    return OfflineComposer().read(text).request


@pytest.mark.parametrize(
    ("text", "mode", "origin", "destination"),
    [
        ("Nairobi to Mombasa, Friday morning flight", "flight", "Nairobi", "Mombasa"),
        ("I want to leave from Turin on the 3rd of May and go to Lille by rail", "train", "Turin", "Lille"),
        ("get us on the early ferry to Corsica on July 8", "ferry", None, "Corsica"),
        ("drive my mother from 12 Oak Street to the clinic at 9 am", "taxi", "12 Oak Street", "clinic"),
        ("a cottage near Keswick from May 3 to May 8", "hotel", None, "Keswick"),
        ("we need a van in Perth from Friday to Sunday", "car", None, "Perth"),
        ("a room at the Hyatt in Tacoma this Saturday", "hotel", None, "Tacoma"),
        ("I'm after a one way premium economy flight to Chicago on united Airlines", "flight", None, "Chicago"),
        (
            "i'm going to boston on march 2 until march 4 please make a hotel reservation for me",
            "hotel",
            None,
            "boston",
        ),
        (
            "a car for a client from Newark airport to the state capitol on Monday",
            "car",
            "Newark airport",
            "state capitol",
        ),
        ("a cab from JFK to the Queens museum at 4pm", "taxi", "JFK", "Queens museum"),
        ("a place to crash in ghent from june 4th until the 9th", "hotel", None, "ghent"),
        ("order me a cab to gatwick terminal 2 for 4am tomorrow", "taxi", None, "gatwick terminal 2"),
        ("a taxi to Gatwick Terminal 2 at 6am", "taxi", None, "Gatwick Terminal 2"),
        ("flight OSL-LIS, one way, 9 Feb", "flight", "OSL", "LIS"),
        ("ord to phx tomorrow morning, one way", None, "ord", "phx"),
        ("leave Omaha at nine and arrive in Boise on Friday", None, "Omaha", "Boise"),
        ("a car with driver from the Plaza to Luton airport on Friday", "car", "Plaza", "Luton airport"),
        ("we are three adults for the ferry, Bari to Patras, July 12", "ferry", "Bari", "Patras"),
        ("fly to st. paul from ft. myers on Monday", "flight", "ft. myers", "st. paul"),
        ("i am in need of a cab to the clinic", "taxi", None, "clinic"),
        ("a hotel in tampa near the stadium for the 3rd", "hotel", None, "tampa"),
        ("can you help me rent a cottage in Wales", "hotel", None, "Wales"),
        ("two nights in bath for two", "hotel", None, "bath"),
        ("a compact car from the 3rd to the 9th, pick up at the Denver airport", "car", None, "Denver airport"),
        ("get us on the 9.15 to Hove", None, None, "Hove"),
        ("I'd like to look for a rental vehicle", "car", None, None),
        ("we need picking up from Gatwick at noon", "taxi", "Gatwick", None),
        ("a cruise to Alaska for two", None, None, "Alaska"),
        ("get me a lyft home from the arena at ten tonight", "taxi", "arena", "home"),
        ("I need a rental next Monday, I will be in Boise", "car", None, "Boise"),
        ("find me bus tickets heading to Leeds on the 12th", "bus", None, "Leeds"),
        ("book a flight home to dublin for friday", "flight", None, "dublin"),
        ("hire a minivan for the week", "car", None, None),
        ("rent a truck for a long weekend", "car", None, None),
        ("can you see if i can hire a car from tulsa on the 3rd", "car", None, "tulsa"),
        ("could you help me hail a cab for three people", "taxi", None, None),
        ("i want to make a trip between lima and cusco", None, "lima", "cusco"),
        ("train from york to hull day after tomorrow", "train", "york", "hull"),
    ],
)
def test_a_trip_is_read_by_its_places(text: str, mode: str | None, origin: str | None, destination: str | None) -> None:
    request = read(text)
    assert (request.travel_mode, request.origin, request.destination) == (mode, origin, destination)


@pytest.mark.parametrize(
    ("party", "many"),
    [
        ("me and my three kids", 4),
        ("the two of us", 2),
        ("a family of five", 5),
        ("my husband and me", 2),
        ("two adults and an infant", 3),
        ("three adults one child", 4),
        ("just me", 1),
        ("me and my cofounder", 2),
        ("my aunt and 2 of her friends", 3),
        ("40 pupils and 4 teachers", 44),
        ("3 people and I want a window seat", 3),
    ],
)
def test_who_goes_along_is_counted(party: str, many: int) -> None:
    assert read(f"book a train from Milan to Rome on Friday for {party}").passengers == many


@pytest.mark.parametrize("text", ["3 adults 2 kids bus to hull", "ferry to calais three adults two teenagers"])
def test_who_goes_along_needs_no_and(text: str) -> None:
    assert read(text).passengers == 5


def test_a_day_of_the_week_after_is_when_one_returns() -> None:
    assert read("fly to Oslo friday returning on the sunday after").return_date == "the sunday after"


@pytest.mark.parametrize("text", ["can you call me a cab", "call us a minicab for four", "call me a plumber"])
def test_who_is_called_for_us_does_not_call_us(text: str) -> None:
    assert not read(text).notifications.call


def test_to_be_called_a_day_before_is_a_call() -> None:
    assert read("order 3 lamps and call me a day before").notifications.call


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Rotate the tires and do an alignment on my truck, Thursday 3 pm", "tire rotation and alignment"),
        ("someone needs to feed my cats from Monday", "cat feeding"),
        ("need the chimney swept before winter", "chimney sweeping"),
        ("I want a roofer out here by Monday", "roofer"),
        ("our dishwasher is leaking, send somebody over this afternoon", "dishwasher repair"),
        ("reserve dinner for eight on Thursday at 7:30", "dinner reservation"),
        ("party of five friday at seven thirty", "table reservation"),
        ("could you make reservations for 3 at the corner bistro", "table reservation"),
        ("Table for two at Nobu, 8 pm, by the window if they can", "table reservation"),
        ("hold a spot for 8 at sakura on saturday at 6:45", "table reservation"),
        ("who can mend our gate", "gate repair"),
        ("my van's due for a service", "van service"),
        ("our gutters want cleaning", "gutter cleaning"),
        ("a spot on the pottery class on May 3 for two", "pottery class"),
        ("I need a garage to do a brake inspection on my jeep", "brake inspection"),
        ("my heating is broken, can you send someone", "heating repair"),
        ("would you be able to paint our fence", "fence painting"),
        ("book the car in for its mot on the 5th", "mot"),
        ("could you send round a plumber", "plumber"),
        ("I want a cleaning of my flat, two bedrooms", "cleaning of my flat"),
        ("book the meeting room for tomorrow", "meeting room"),
    ],
)
def test_a_service_is_read_by_what_is_to_be_done(text: str, name: str) -> None:
    request = read(text)
    assert (request.workflow_type, [item.name for item in request.items]) == ("service_appointment", [name])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("get my clutch checked and a wheel alignment", ["clutch check", "wheel alignment"]),
        ("have the lawn mowed and the hedges trimmed", ["lawn mowing", "hedge trimming"]),
        ("i need my hair cut, a manicure and a massage", ["hair cut", "manicure", "massage"]),
        ("get my suit pressed and two shirts cleaned on friday", ["suit pressing", "shirt cleaning"]),
        ("get my oil changed, tires rotated and a car wash", ["oil change", "tire rotation", "car wash"]),
        ("get my clutch checked and a good book", ["clutch check"]),
        ("someone to fix the sink and a friend", ["sink repair"]),
    ],
)
def test_more_work_is_read_beside_the_first(text: str, names: list[str]) -> None:
    assert [item.name for item in read(text).items] == names


@pytest.mark.parametrize(
    "text",
    [
        "is there a direct bus from Tucson to Phoenix",
        "the train from Leeds was two hours late again",
        "I had my tires rotated here last week",
        "the electrician is coming on Tuesday",
        "I have to paint the fence this weekend",
        "I'd like to see the fares from Tulsa to Waco",
        "i would like information on buses in Oslo",
        "do i need a visa for chile",
        "are there rooms left in york",
        "who can tell me about my invoice",
        "can you help me understand my fare",
        "the plumber who will fix our sink is late",
    ],
)
def test_what_is_told_or_asked_is_no_order(text: str) -> None:
    with pytest.raises(ReadingRefused):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        "order 6 travel mugs for the trip to Chicago",
        "buy a toy boat and a toy plane for my son",
        "3 paint rollers and 2 cans of white paint to paint the fence",
        "replace 8 broken lamps with 8 desk lamps",
        "our salon needs 12 hair dryers",
        "buy a dollhouse and a house plant",
        "order a car wash kit",
        "get more printer paper",
        "a laptop for under 900",
    ],
)
def test_goods_stay_goods(text: str) -> None:
    assert read(text).workflow_type == "purchase_order"


@pytest.mark.parametrize(
    ("text", "counted"), [("two kettles for the flight", True), ("I've got a flat tire", False), ("two seats", False)]
)
def test_goods_are_counted_things(text: str, counted: bool) -> None:
    assert has_goods(text) is counted


@pytest.mark.parametrize(
    ("text", "people", "rooms"),
    [
        ("a hotel in Ostend from june 2 to june 9 two adults two kids one room", 4, 1),
        ("hotel in Rome 5 may, 2 adults 1 child two rooms", 3, 2),
    ],
)
def test_numbers_that_follow_each_other_count_each_their_own(text: str, people: int, rooms: int) -> None:
    request = read(text)
    assert (request.passengers, request.rooms) == (people, rooms)


def test_so_many_flights_are_for_so_many_people() -> None:
    request = read("book two return flights from Leeds to Malaga, 12th to 19th of May, with one checked bag")
    assert (request.passengers, request.trip_type) == (2, "round_trip")


def test_where_somebody_lives_is_where_a_gift_goes() -> None:
    request = read("a bouquet of tulips and a candle to my mum at 5 Elm Road by friday")
    assert (request.address, request.date) == ("5 Elm Road", "friday")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("send 100 roses to Maria at 14 Elm Street", "14 Elm Street"),
        ("send 2 lamps to Otto Lang, at 14 Elm Street by friday", "14 Elm Street"),
        ("deliver 3 lamps to Leeds", "Leeds"),
    ],
)
def test_who_gets_it_is_no_address(text: str, address: str) -> None:
    assert read(text).address == address
