"""Whom an order is for: people by their work, and family."""

from __future__ import annotations

import pytest

from core.composer.offline import OfflineComposer
from core.composer.offline.nouns import singular


@pytest.mark.parametrize(
    "text",
    [
        "Order 10 gimbals for the kitchen porters",
        "Get the caretakers 3 gimbals.",
        "Give the night nurses 4 gimbals",
        "Buy our payroll dept 8 gimbals",
        "Send the maths teachers two gimbals",
        "Photoshop subscription for 5 draughtsmen",
        "Set up a first aid course for 30 lecturers",
        "Buy 2 gimbals. If they are late, ring the site foreman.",
        "I am matron on ward 3. Please send 5 gimbals",
        "I'm the office administrator. Please send 5 gimbals",
        "We run a small guest house and need 5 gimbals",
        "Order 5 gimbals. Kind regards, Sarah Baker, Deputy Head Teacher",
    ],
)
def test_those_at_work_are_a_firm(text: str) -> None:
    request = OfflineComposer().read(text).request
    assert request.channel == "corporate"
    assert [item.name for item in request.items] in (["gimbal"], ["photoshop subscription"], ["first aid course"])


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("Order 2 pizzas and tell the driver to ring the bell", None),
        ("Taxi to the dentist at 9", None),
        ("Order 5 gimbals. Regards, Sarah Baker", None),
        ("Get my kids' teacher 2 gimbals", "B2C"),
        ("Order 2 gimbals, the company is paying", "corporate"),
        ("Our school orchestra needs 4 gimbals", "corporate"),
        ("B2B order: 4 gimbals", "corporate"),
        ("Send 6 gimbals to my nan", "B2C"),
        ("Order 3 gimbals for our lad", None),
    ],
)
def test_one_who_serves_or_is_family_is_none(text: str, channel: str | None) -> None:
    request = OfflineComposer().read(text).request
    assert (None if "channel" in request.defaulted else request.channel) == channel


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("send my mother in law a gimbal", [(1, "gimbal")]),
        ("please send my father in law Otto two gimbals", [(2, "gimbal")]),
        ("get uncle Bob a gimbal", [(1, "gimbal")]),
        ("Buy my friend Tom 4 gimbals", [(4, "gimbal")]),
        ("make my boss a latte", [(1, "latte")]),
        ("order our new clients Acme Corp 40 gimbals by friday", [(40, "gimbal")]),
        ("buy Mr Brown three ties, and a hat", [(3, "tie"), (1, "hat")]),
    ],
)
def test_whom_a_thing_is_given_to_is_no_part_of_it(text: str, expected: list[tuple[int, str]]) -> None:
    request = OfflineComposer().read(text).request
    assert [(item.quantity, item.name) for item in request.items] == expected


@pytest.mark.parametrize(
    ("plural", "one"),
    [("foremen", "foreman"), ("salesmen", "salesman"), ("ramen", "ramen"), ("specimen", "specimen"), ("men", "man")],
)
def test_men_are_several(plural: str, one: str) -> None:
    assert singular(plural) == one
