"""Several wishes in one sentence: each is read, in whatever order they are said and whatever joins them."""

from __future__ import annotations

from itertools import cycle, permutations
from typing import Any

import pytest

from core.composer.offline import OfflineComposer
from core.models import Condition, PlanWish

ORDER = "Order 2 gimbals"
SAID: dict[str, tuple[str, Any]] = {
    "notice": ("email me before you charge the card", PlanWish(step="payment", tell_before="email")),
    "tries": ("try shipping five times", PlanWish(step="shipping", attempts=5)),
    "message": ("if shipping fails call me", Condition(event="shipping_failed", then="call")),
    "behind": ("text me if it's out of stock", Condition(event="out_of_stock", then="sms")),
    "stop": ("stop and ask me if the booking fails", PlanWish(step="booking", policy="ask")),
    "undo": ("if the conversion fails, undo everything", PlanWish(step="conversion", policy="compensate")),
    "once": ("don't retry the payment", PlanWish(step="payment", attempts=1)),
    "cancel": ("cancel if the payment is declined", Condition(event="payment_failed", then="cancel")),
}
JOINERS = [", ", " and ", "; ", ". ", ", and "]


def heard(sentence: str) -> set[Any]:
    reading = OfflineComposer().read(sentence)
    assert [(item.name, item.quantity) for item in reading.request.items] == [("gimbal", 2)]
    assert reading.answers == () and reading.ignored == (), sentence
    assert reading.request.notifications.model_dump(exclude_none=True) == {}
    return {*reading.wishes, *reading.request.conditions}


@pytest.mark.parametrize("joiner", JOINERS)
def test_two_wishes(joiner: str) -> None:
    for names in permutations(SAID, 2):
        sentence = joiner.join([ORDER, *(SAID[name][0] for name in names)])
        assert heard(sentence) == {SAID[name][1] for name in names}, sentence


def test_three_wishes() -> None:
    for names, joiner in zip(permutations(SAID, 3), cycle(JOINERS), strict=False):
        sentence = joiner.join([ORDER, *(SAID[name][0] for name in names)])
        assert heard(sentence) == {SAID[name][1] for name in names}, sentence


def test_wishes_before_the_order() -> None:
    for names, joiner in zip(permutations(SAID, 2), cycle(JOINERS), strict=False):
        said = joiner.join(SAID[name][0] for name in names)
        assert heard(f"{said[0].upper()}{said[1:]}. {ORDER}.") == {SAID[name][1] for name in names}, said


@pytest.mark.parametrize(
    ("text", "then"),
    [
        ("call me if shipping fails, email me before you charge", "call"),
        ("if shipping fails, call me, email me before you charge", "call"),
        ("call me if shipping fails, and send a text when it ships", "call"),
        ("if shipping fails call me, and send me the receipt by email", "call"),
    ],
)
def test_a_failure_keeps_what_is_said_right_beside_it(text: str, then: Any) -> None:
    request = OfflineComposer().read(f"{ORDER}, {text}").request
    assert request.conditions == (Condition(event="shipping_failed", then=then),)


def test_another_payer_is_no_second_way_after_a_failure() -> None:
    reading = OfflineComposer().read(f"{ORDER}, stop and ask me if the booking fails, pay from the small wallet")
    assert reading.wishes == (PlanWish(step="booking", policy="ask"),)
    assert (reading.request.wallet, reading.answers) == ("small", ())
