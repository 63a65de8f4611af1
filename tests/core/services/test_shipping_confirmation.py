"""Shipping: a tracking number, a day of arrival in working days, and whether that is too late."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.models import OrderRequest, Reply
from core.services.shipping_confirmation import DAYS, working_days_after
from tests.core.services.ledgers import Ledger

CONFIRM = "shipping_confirmation.confirm"
MONDAY = date(2026, 11, 23)


def confirm(method: str = "standard", on: date = MONDAY, hour: int = 12, **fields: Any) -> Reply:
    ledger = Ledger(OrderRequest(**fields))
    now = datetime(on.year, on.month, on.day, hour, tzinfo=UTC).timestamp()
    params = {"order_id": "ORD_1", "shipping_method": method, "contact": "contact/1"}
    return ledger.do(CONFIRM, params, now=now)


@pytest.mark.parametrize(
    ("start", "days", "arrival"),
    [
        (MONDAY, 1, date(2026, 11, 24)),
        (MONDAY, 5, date(2026, 11, 30)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),  # a Friday
        (date(2026, 11, 27), 2, date(2026, 12, 1)),
        (date(2026, 11, 28), 1, date(2026, 11, 30)),  # a Saturday
        (date(2026, 11, 29), 1, date(2026, 11, 30)),  # a Sunday
        (date(2026, 12, 31), 1, date(2027, 1, 1)),
        (date(2028, 2, 28), 1, date(2028, 2, 29)),
        (MONDAY, 0, MONDAY),
    ],
)
def test_working_days_leave_weekends_out(start, days, arrival):
    assert working_days_after(start, days) == arrival


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 30))
def test_between_start_and_arrival_lie_as_many_working_days(start, days):
    arrival = working_days_after(start, days)
    passed = [start + timedelta(days=n) for n in range(1, (arrival - start).days + 1)]
    assert sum(day.weekday() < calendar.SATURDAY for day in passed) == days
    assert arrival.weekday() < calendar.SATURDAY


@pytest.mark.parametrize(
    ("method", "arrival"),
    [("standard", "2026-11-30"), ("express", "2026-11-25"), ("overnight", "2026-11-24"), ("pickup", "2026-11-24")],
)
def test_each_method_takes_its_days(method, arrival):
    answer = confirm(method).answer
    assert answer["estimated_delivery"] == arrival
    assert (answer["shipping_status"], answer["delayed"]) == ("confirmed", False)
    assert answer["tracking_number"].startswith("TRK_") and answer["tracking_number"].isupper()
    assert set(DAYS) == {"standard", "express", "overnight", "pickup"}


def test_a_day_begins_and_ends_in_utc():
    assert confirm("overnight", MONDAY, hour=0).answer["estimated_delivery"] == "2026-11-24"
    assert confirm("overnight", MONDAY, hour=23).answer["estimated_delivery"] == "2026-11-24"


@pytest.mark.parametrize(
    ("asked", "delayed"),
    [
        ("2026-11-29", True),
        ("2026-11-30", False),
        ("2026-12-24", False),
        ("2020-01-01", True),
        ("next tuesday", False),
        ("2026-02-30", False),
        (None, False),
    ],
)
def test_it_is_delayed_where_it_arrives_after_the_day_that_was_asked_for(asked, delayed):
    assert confirm("standard", date=asked).answer["delayed"] is delayed


def test_the_contact_is_that_of_the_version_referred_to():
    ledger = Ledger(OrderRequest(date="2026-12-24"), OrderRequest(date="2020-01-01"))
    params = {"order_id": "ORD_1", "shipping_method": "express", "contact": "contact/2"}
    assert ledger.do(CONFIRM, params).answer["delayed"] is True
    assert ledger.do(CONFIRM, params | {"contact": "contact/1"}, step="other").answer["delayed"] is False


def test_a_confirmation_moves_no_money_and_can_be_cancelled():
    ledger = Ledger()
    ledger.do(CONFIRM, {"order_id": "ORD_1", "shipping_method": "express", "contact": "contact/1"})
    assert ledger.undo("shipping_confirmation.cancel") == Reply(None, {})
    assert (ledger.states(), ledger.postings, ledger.messages) == ({"step/1": "undone"}, [], [])
