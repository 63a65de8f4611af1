"""What a request takes: text that can be seen, and nothing that hides or turns it."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.models import Edit, Item, OrderRequest, visible
from core.saved import SavedOrder, read_order, write_order

HIDING = {
    "bidi override": "\u202e",
    "bidi isolate": "\u2066",
    "left-to-right mark": "\u200e",
    "zero width space": "\u200b",
    "zero width joiner": "\u200d",
    "word joiner": "\u2060",
    "byte order mark": "\ufeff",
    "soft hyphen": "\u00ad",
    "NUL": "\0",
    "escape": "\x1b",
    "tag": "\U000e0041",
    "blank letter": "\u3164",
    "selector": "\ufe0f",
    "selector of a supplement": "\U000e0100",
}
FREE = ("promo_code", "customer_id", "address", "wallet", "date", "return_date", "origin", "destination")
WRITTEN_WITH_THEM = ("👩\u200d💻 desk", "❤\ufe0f\u200d🔥 mug", "क्\u200dष", "Ærøskøbing 漢字", "5 Elm Street\u00a0b")


@pytest.mark.parametrize("hidden", HIDING.values(), ids=HIDING)
def test_what_can_not_be_seen_is_taken_out_of_every_text(hidden: str) -> None:
    text = f"{hidden}Bo{hidden}{hidden}ston{hidden}"
    order = OrderRequest.model_validate(
        dict.fromkeys(FREE, text)
        | {"items": [{"name": text, "unit": text}], "customer_email": f"a{hidden}@b.example{hidden}"}
        | {"phone_number": f"{hidden}+49 151{hidden} 5550100"}
    )
    assert {getattr(order, field) for field in FREE} == {"Boston"}
    assert (order.items[0].name, order.items[0].unit) == ("Boston", "Boston")
    assert (order.customer_email, order.phone_number) == ("a@b.example", "+49 151 5550100")


@pytest.mark.parametrize("hidden", HIDING.values(), ids=HIDING)
def test_an_edit_and_a_file_are_read_in_the_same_way(hidden: str) -> None:
    text = f"Bo{hidden}ston"
    edit = Edit.model_validate({"address": text, "wallet": text, "items": [{"name": text}]})
    assert (edit.address, edit.wallet, edit.items) == ("Boston", "Boston", (Item(name="Boston"),))
    file = json.loads(write_order(SavedOrder(name="x", request=OrderRequest(address="Boston"))))
    file["request"]["address"] = text
    if hidden != "\0":  # no store keeps it: the file is refused
        assert read_order(json.dumps(file)).request.address == "Boston"


def test_a_name_of_nothing_that_can_be_seen_is_empty() -> None:
    with pytest.raises(ValidationError, match="at least 1 character"):
        Item(name="\u202e\u200b\u3164 ")


def test_a_line_break_is_a_space() -> None:
    assert OrderRequest(address="5 Elm Street\r\nBoston\t02134\u2028USA").address == "5 Elm Street  Boston 02134 USA"


@pytest.mark.parametrize("text", WRITTEN_WITH_THEM)
def test_scripts_and_emoji_that_are_written_with_joiners_keep_them(text: str) -> None:
    assert visible(text) == text


@given(st.text())
def test_no_control_format_or_bidi_character_stays_but_a_joiner_between_signs(text: str) -> None:
    found = visible(text)
    assert visible(found) == found
    for char in found:
        assert unicodedata.category(char) not in ("Cc", "Cf", "Zl", "Zp") or char in "\u200c\u200d"
    assert "\u200d\u200d" not in found
    assert not found.startswith(("\u200c", "\u200d"))
