"""Which wallet a sentence names: whole names, in quotes or by where they stand, and none where none is named."""

from __future__ import annotations

import pytest

from core.composer.offline import OfflineComposer


@pytest.mark.parametrize(
    ("words", "wallet"),
    [
        ("from wallet a b", "a b"),
        ("from wallet Marketing Europe", "Marketing Europe"),
        ('from wallet "Marketing Europe"', "Marketing Europe"),
        ("using wallet 'Marketing Europe'", "Marketing Europe"),
        ('from the wallet "Team for Growth 7"', "Team for Growth 7"),
        ("from the “Marketing Europe” wallet", "Marketing Europe"),
        ("from the wallet named Marketing Europe", "Marketing Europe"),
        ("from the wallet Marketing Europe", "Marketing Europe"),
        (", wallet: Marketing Europe", "Marketing Europe"),
        (", pay from the Marketing Europe wallet", "Marketing Europe"),
        (", pay with the a b wallet", "a b"),
        (", paid from the Marketing and Sales wallet", "Marketing and Sales"),
        (", charge it to our Express Delivery Team wallet", "Express Delivery Team"),
        ("from the Paris v2.0 wallet", "Paris v2.0"),
        ("from Acme Supplies using the small wallet", "small"),
        ("from the small wallet", "small"),
        ("from the team wallet", "team"),
    ],
)
def test_a_wallet_is_read_by_its_whole_name_as_it_is_written(words: str, wallet: str) -> None:
    text = f"Order 1 laptop {words}".replace(" ,", ",")
    reading = OfflineComposer().read(text)
    assert (reading.request.channel, reading.request.wallet) == ("corporate", wallet)
    assert [item.name for item in reading.request.items] == ["laptop"]
    assert [text[span.start : span.end] for span in reading.spans if span.field == "wallet"] == [wallet]


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        ("by Friday", "date", "friday"),
        ("tomorrow", "date", "tomorrow"),
        ("and ship overnight", "shipping_method", "overnight"),
        (". Ship it to Berlin", "address", "Berlin"),
        (", ship it to 5 Elm St", "address", "5 Elm St"),
        ("ship it to 5 Elm St", "address", "5 Elm St"),
    ],
)
def test_what_follows_the_name_is_left_to_the_other_readers(words: str, field: str, value: str) -> None:
    reading = OfflineComposer().read(f"Order 1 laptop from wallet Marketing Europe {words}".replace(" .", "."))
    assert (reading.request.wallet, getattr(reading.request, field)) == ("Marketing Europe", value)
    assert reading.ignored == ()


def test_goods_after_the_name_are_goods() -> None:
    request = OfflineComposer().read("Order 1 laptop from wallet Marketing Europe and 2 mice").request
    assert [item.name for item in request.items] == ["laptop", "mouse"]
    assert request.wallet == "Marketing Europe"


@pytest.mark.parametrize(
    "words",
    [
        "from our wallet",
        "from the company wallet",
        "from our own company wallet",
        ", pay from the wallet",
        ", pay from the wallet by Friday",
        ", charge the corporate wallet",
    ],
)
def test_a_wallet_without_a_name_is_left_to_the_engine(words: str) -> None:
    request = OfflineComposer().read(f"Order 1 laptop {words}".replace(" ,", ",")).request
    assert (request.channel, request.wallet) == ("corporate", None)


def test_a_wallet_that_is_bought_pays_nothing() -> None:
    request = OfflineComposer().read("Order 1 phone with a brown leather wallet").request
    assert (request.channel, request.wallet) == ("B2C", None)


def test_a_wallet_of_several_words_may_be_refused_by_name() -> None:
    reading = OfflineComposer().read("Order 2 gimbals for our team, not from the Marketing Europe wallet")
    assert (reading.request.channel, reading.request.wallet) == ("corporate", None)
    assert reading.declined == (("wallet", "Marketing Europe"),)
