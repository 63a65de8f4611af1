"""Ways to say who gets what, how many and for how much, each with nouns of its own."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.composer.offline import OfflineComposer
from core.models import OrderRequest


def read(text: str) -> OrderRequest:
    return OfflineComposer().read(text).request


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Get Ravi a trowel", [("trowel", 1)]),
        ("Please buy Ines two kettles", [("kettle", 2)]),
        ("I'd be grateful if a trowel and 3 rakes could be sent", [("trowel", 1), ("rake", 3)]),
        ("It would be lovely if 5 kettles could be ordered for us", [("kettle", 5)]),
        ("Use coupon AUTUMN7 for 4 rakes", [("rake", 4)]),
        ("We'll have brass kettles, 9 in all", [("brass kettle", 9)]),
    ],
)
def test_goods_and_their_number_are_found(text: str, expected: list[tuple[str, int]]) -> None:
    assert [(item.name, item.quantity) for item in read(text).items] == expected


def test_a_list_goes_on_in_the_money_that_it_began_with() -> None:
    items = read("Two kettles for $80 and a rake for 25").items
    assert [item.unit_price for item in items] == [Decimal(40), Decimal(25)]


def test_a_small_number_after_for_is_no_price() -> None:
    assert read("Two kettles for $80 and a table for 4").items[1].unit_price is None


def test_people_who_attend_are_no_goods() -> None:
    request = read("Book a stenographer for our board meeting on 3 March at 10:00, 9 people attending")
    assert (request.attendees, len(request.items), request.channel) == (9, 1, "corporate")


def test_seats_of_a_program_are_no_journey() -> None:
    request = read("6 more Miro seats for the QA team")
    assert (request.workflow_type, request.seats, request.channel) == ("software_license", 6, "corporate")


@pytest.mark.parametrize("text", ["6 mugs; txt me once tehy ship", "6 mugs, and txt us when they leave"])
def test_a_text_may_be_written_short(text: str) -> None:
    assert read(text).notifications.sms is True


@pytest.mark.parametrize(
    "text", ["The porters of our wing are to get 8 torches", "Order 8 torches for our restaurant cellar"]
)
def test_those_at_work_and_their_premises_tell_the_channel(text: str) -> None:
    assert read(text).channel == "corporate"


def test_what_happened_after_a_colon_is_no_list() -> None:
    text = "It's Jo from the mill. Sorry for the wait: 3 welders left, the stock was counted in May. Get 4 torches."
    request = read(text)
    assert [(item.name, item.quantity) for item in request.items] == [("torch", 4)]
    assert request.date is None


def test_a_list_after_a_colon_is_read_on() -> None:
    request = read("The warehouse staff complain about the light: 4 torches and 2 lamps please.")
    assert [item.quantity for item in request.items] == [4, 2]
    assert request.channel == "corporate"
