"""The summary of every parked or ended run: what it says, and that no text of a user becomes markup."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import plans
from core.models import Condition, Control, Item, OrderRequest, Question
from core.services.rates import RateSource
from core.services.registry import default_registry
from core.summary import HEADINGS, escape, summarise
from core.views import Money, MoneyView, RunRow, RunView, StepState, StepView, TryView

REGISTRY = default_registry(RateSource(live=False))
REQUEST = OrderRequest(
    items=(Item(name="laptop", quantity=2),), customer_email="mara@keller.example", phone_number="+49 151 5550100"
)
TEAM = REQUEST.model_copy(update={"channel": "corporate", "wallet": "team", "budget": 500})
PLAN = plans.saga(TEAM)
ENDED = ("confirmed", "confirmed_with_issues", "refunded", "rejected", "cancelled")
JOINER = "\u2060"


def make_step(id: str, state: StepState = "done", codes: tuple[str | None, ...] = (), **changes: Any) -> StepView:
    """A step of the plan, with one attempt per code (None: done)."""
    step = next(one for one in (*PLAN.steps(), *PLAN.on_failure) if one.id == id)
    codes = codes or ((None,) if state in ("done", "undone") else ())
    tries = tuple(TryView(n, n + 0.2, "do", 1, n + 1, code) for n, code in enumerate(codes))
    role = "alternative" if id in ("alternative", "difference", "rebook") else "step"
    view = StepView(id, step.title, step.action, 0, role, state, code=codes[-1] if codes else None)
    return replace(view, attempts=len(tries), took_ms=200.0 * len(tries), tries=tries, undo=step.undo, **changes)


def make_view(status: str, *steps: StepView, money: tuple[int, int, int] = (0, 0, 0), **changes: Any) -> RunView:
    """A run in a status; money as captured, refunded and held in cents."""
    request = changes.pop("request", TEAM)
    captured, refunded, held = money
    owed = captured - refunded - held if status == "compensation_stuck" else 0
    amounts = (Money(minor, "USD") for minor in (captured, refunded, captured - refunded, held, owed))
    row = RunRow("r_1", request.title(), "", status, request.channel, "saga", 0.0, 9.0 if status in ENDED else None)  # type: ignore[arg-type]
    view = RunView(
        row=row,
        plan=PLAN,
        request=request,
        seq=9,
        profile=1,
        control=Control(),
        steps=steps,
        question=None,
        choices=(),
        notices=(),
        editable=(),
        cancel_refusal="",
        money=MoneyView(*amounts, balanced=captured - refunded == held),
        ledger=(),
        events=(),
        summary="",
    )
    return replace(view, **changes)


def summary(*args: Any, **options: Any) -> str:
    return summarise(make_view(*args, **options), REGISTRY)


def section(text: str, name: str) -> str:
    """What stands under a heading, as a reader sees it."""
    return shown(text.partition(f"##### {name}\n\n")[2].partition("\n\n#####")[0])


def shown(text: str) -> str:
    """Markdown as it reads: without escapes and joiners."""
    return re.sub(r"\\(?=[!-/:-@\[-`{-~])", "", text.replace(JOINER, ""))


WORKS = tuple(make_step(id) for id in ("analyse", "debit", "create", "book", "ship"))


@pytest.mark.parametrize("status", ["running", "paused"])
def test_a_run_that_moves_has_no_summary(status: str) -> None:
    assert summary(status, *WORKS) == ""


@pytest.mark.parametrize("status", list(HEADINGS))
def test_every_other_run_says_its_outcome_and_order_first(status: str) -> None:
    assert shown(summary(status, *WORKS)).startswith(f"#### {HEADINGS[status]}: 2 × laptop\n\n")


def test_a_repair_says_so() -> None:
    view = make_view("confirmed", make_step("email"))
    text = summarise(replace(view, row=replace(view.row, parent="r_0")), REGISTRY)
    assert text.startswith("#### Confirmed: repair of 2 × laptop\n\n")


def test_a_confirmed_run_tells_what_was_done_and_leaves_nothing_to_do() -> None:
    ship = make_step("ship", note="TRK_77, estimated delivery 2026-01-02")
    text = summary("confirmed", *WORKS[:4], ship, money=(90_000, 0, 90_000))
    deeds = section(text, "What each service did").splitlines()
    assert deeds[1] == "- **Debit wallet**, Payments: done; 1 attempt, 0.2 s"
    assert deeds[4] == (
        "- **Confirm shipping**, Shipping: done (TRK_77, estimated delivery 2026-01-02); 1 attempt, 0.2 s"
    )
    assert "What failed" not in text
    assert section(text, "What to do next") == "Nothing: the order is served."


def test_business_impact_is_told_in_money() -> None:
    text = summary("confirmed", *WORKS, money=(359_700, 9_700, 350_000))
    assert section(text, "Business impact").splitlines() == [
        "- Captured: $3,597.00",
        "- Refunded: $97.00",
        "- Kept: $3,500.00",
        "- Price of the bookings held: $3,500.00",
        "- Owed: $0.00",
    ]


def test_a_dollar_sign_starts_no_formula() -> None:
    text = summary("confirmed", *WORKS, money=(359_700, 9_700, 350_000))
    assert not re.search(r"(?<!\\)\$", text)


def test_money_that_does_not_fit_the_bookings_is_told_at_the_end_only() -> None:
    assert "check the money ledger" in summary("confirmed", *WORKS, money=(500, 0, 400))
    assert "check the money ledger" not in summary("confirmed", *WORKS, money=(500, 100, 400))
    assert "check the money ledger" not in summary("needs_attention", *WORKS, money=(500, 0, 0))


def test_what_worked_late_is_told_with_its_reason() -> None:
    ship = make_step("ship", "done", ("unavailable", "timeout", None), code=None)
    text = summary("confirmed", *WORKS[:4], ship)
    assert section(text, "What failed and why") == (
        "- **Confirm shipping** failed 2 times, then worked: no answer in time."
    )


def test_a_failed_message_can_be_repaired() -> None:
    email = make_step("email", "failed", ("unavailable",) * 3, can_repair=True)
    text = summary("confirmed_with_issues", *WORKS, email)
    assert section(text, "What failed and why") == "- **Email**: SMTP server unavailable, after 3 attempts."
    assert section(text, "What to do next") == "- Press **Email** beside **Send again**."


def test_a_repaired_message_needs_nothing_more() -> None:
    email = make_step("email", "failed", ("unavailable",), repaired=True)
    text = summary("confirmed_with_issues", *WORKS, email)
    assert "failed, repaired since; 1 attempt" in section(text, "What each service did")
    assert section(text, "What to do next") == "- Nothing about **Email**: it was repaired since."


def test_a_skipped_step_is_left_to_people() -> None:
    ship = make_step("ship", "skipped", ("unavailable",))
    text = summary("confirmed_with_issues", *WORKS[:4], ship)
    assert "**Confirm shipping**, Shipping: failed, not tried again" in section(text, "What each service did")
    assert "see to it by hand" in section(text, "What to do next")


def test_what_the_alternative_covered_is_no_loose_end() -> None:
    book = make_step("book", "failed", ("out_of_stock",))
    steps = (*WORKS[:3], book, make_step("alternative"), make_step("rebook"), WORKS[4])
    email = make_step("email", "failed", ("timeout",), can_repair=True)
    text = summary("confirmed_with_issues", *steps, email)
    failures = section(text, "What failed and why")
    assert "**Book items**: the items are out of stock, after 1 attempt. Its alternative was done instead." in failures
    assert "Book items" not in section(text, "What to do next")


def test_a_rejected_wallet_is_to_be_topped_up() -> None:
    debit = make_step("debit", "failed", ("insufficient_funds",), note="The wallet holds too little: $40.00 short")
    text = summary("rejected", WORKS[0], debit, make_step("create", "skipped"), make_step("book", "skipped"))
    assert section(text, "What to do next") == (
        "Top up the wallet **team** on the Services page (The wallet holds too little: $40.00 short). "
        "Then place the order again."
    )
    assert "- Not reached: Create order, Book items" in section(text, "What each service did")


@pytest.mark.parametrize(
    ("id", "code", "words"),
    [
        ("analyse", "over_budget", "Raise the budget"),
        ("book", "out_of_stock", "order something else"),
        ("charge", "card_declined", "the next one may be taken"),
        ("debit", "unknown_wallet", "Choose a wallet that exists"),
        ("create", "unavailable", "Wait until the service works again"),
    ],
)
def test_what_to_do_follows_from_what_failed(id: str, code: str, words: str) -> None:
    text = section(summary("refunded", make_step(id, "failed", (code,))), "What to do next")
    assert words in text
    assert text.endswith("Then place the order again.")


def test_an_order_cancelled_by_its_own_condition_says_why() -> None:
    wish = Condition.model_validate({"if": "delayed", "then": "cancel"})
    plan = plans.saga(TEAM.model_copy(update={"conditions": (wish,)}))
    text = summary("refunded", *WORKS[:4], make_step("ship", "undone"), plan=plan)
    assert "after the date asked for" in section(text, "What failed and why")
    assert "later date" in section(text, "What to do next")


def test_a_date_is_blamed_only_where_it_turned_the_run_back() -> None:
    wish = Condition.model_validate({"if": "delayed", "then": "cancel"})
    plan = plans.saga(TEAM.model_copy(update={"conditions": (wish,)}))
    failed = make_step("create", "failed", ("unavailable",))
    for text in (
        summary("confirmed", *WORKS, plan=plan),
        summary("refunded", make_step("ship", "undone")),
        summary("refunded", failed, plan=plan),
    ):
        assert "date" not in text


def test_an_alternative_that_failed_too_replaces_nothing() -> None:
    book = make_step("book", "failed", ("out_of_stock",))
    rebook = make_step("rebook", "failed", ("unavailable",))
    text = summary("refunded", book, make_step("alternative"), rebook)
    assert "instead" not in section(text, "What failed and why")
    assert "when it is in stock" in section(text, "What to do next")


def test_what_the_alternative_covered_needs_no_remedy() -> None:
    steps = (make_step("book", "failed", ("out_of_stock",)), make_step("rebook", "undone"))
    ship = make_step("ship", "failed", ("unavailable",))
    assert "in stock" in section(summary("refunded", *steps, ship), "What to do next")
    steps = (steps[0], make_step("rebook"))
    assert "Wait until the service works" in section(summary("refunded", *steps, ship), "What to do next")


def test_a_refund_shows_what_was_undone() -> None:
    steps = (make_step("debit", "undone"), make_step("book", "failed", ("out_of_stock",)))
    text = summary("refunded", *steps, money=(500, 500, 0))
    assert "- **Debit wallet**, Payments: done, then undone; 1 attempt" in section(text, "What each service did")


def test_a_cancelled_run_leaves_nothing_to_do() -> None:
    assert section(summary("cancelled", make_step("debit", "undone")), "What to do next").startswith("Nothing")


def test_a_question_lists_the_choices_that_there_are() -> None:
    ship = make_step("ship", "attention", ("unavailable",) * 3)
    question = Question("needs_attention", "ship", 1, "unavailable")
    view = make_view("needs_attention", *WORKS[:4], ship, make_step("email", "waiting"), question=question)
    text = summarise(replace(view, choices=("retry", "give_up")), REGISTRY)
    lines = section(text, "What to do next").splitlines()
    assert lines[0].endswith("Then decide about **Confirm shipping**:")
    assert [line[:9] for line in lines[2:]] == ["- **Retry", "- **Give "]
    assert "what was taken goes back" in lines[-1]
    deeds = section(text, "What each service did")
    assert "failed, waits for a decision; 3 attempts, 0.6 s" in deeds
    assert "- Still to come: Email" in deeds


def test_behind_the_pivot_giving_up_undoes_nothing() -> None:
    question = Question("needs_attention", "email", 1, "unavailable")
    view = make_view("needs_attention", make_step("email", "attention", ("unavailable",)), question=question)
    text = summarise(replace(view, choices=("give_up",), cancel_refusal="The order is confirmed."), REGISTRY)
    assert "same as Skip" in section(text, "What to do next")


def test_a_run_that_can_not_go_on_says_so() -> None:
    text = summary("needs_attention", *WORKS, code="internal_error")
    assert "can't go on: internal error" in section(text, "What failed and why")
    assert "by hand" in section(text, "What to do next")


def test_a_stuck_undo_names_what_is_owed() -> None:
    undos = tuple(TryView(5 + n, 6 + n, "undo", 1, n + 1, "timeout") for n in range(3))
    debit = make_step("debit", "attention", (None,), undo_state="failed")
    debit = replace(debit, tries=debit.tries + undos)
    text = summary("compensation_stuck", debit, make_step("create", "undone"), money=(120_000, 0, 0))
    assert section(text, "What failed and why") == "- The undo of **Debit wallet**: no answer in time."
    assert section(text, "What to do next").startswith("$1,200.00 is owed. Choose **Retry**")
    assert "done, its undo failed" in section(text, "What each service did")
    assert "- Owed: $1,200.00" in section(text, "Business impact")


def test_an_undo_without_an_answer_is_not_blamed_on_the_step() -> None:
    debit = make_step("debit", "attention", ("unavailable", None), code=None, undo_state="failed")
    text = section(summary("compensation_stuck", debit), "What failed and why")
    assert text == "- The undo of **Debit wallet**: it has not worked yet."


def test_nothing_is_said_to_be_owed_where_no_money_is() -> None:
    text = summary("compensation_stuck", make_step("create", "attention", undo_state="failed"))
    assert section(text, "What to do next").startswith("Choose **Retry**")


# Words of users

HOSTILE = (
    "[click](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "<script>alert(1)</script> <img src=x>",
    "www.evil.example https://evil.example me@evil.example",
    ":red[x] :material/bolt: :smile: -> <- $x^2$ $$y$$",
    "# heading | table * list\n\n- item\n```\ncode\n```",
    "**bold** _it_ ~~gone~~ `code` \\[x\\] &lt; &#60;",
)


@given(text=st.text(max_size=60) | st.sampled_from(HOSTILE))
def test_escaped_text_is_one_line_that_reads_as_it_was_written(text: str) -> None:
    line = escape(text)
    words = re.sub(rf"{JOINER}\\(.){JOINER}", r"\1", line)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]", line)
    assert words == " ".join("".join(char if char.isprintable() else " " for char in text).split())
    assert not re.search(r"[!-/:-@\[-`{-~]", re.sub(rf"{JOINER}\\.{JOINER}", "", line))


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("status", list(HEADINGS))
def test_no_words_of_a_user_become_markup(words: str, status: str) -> None:
    request = TEAM.model_copy(update={"items": (Item(name=words[:120]),), "wallet": words})
    failed = make_step("debit", "attention" if status not in ENDED else "failed", ("insufficient_funds",))
    steps = (
        replace(make_step("analyse"), title=words, note=words),
        replace(failed, note=f"The wallet holds too little: {words}"),
        replace(make_step("create", "waiting"), title=words),
    )
    question = Question("needs_attention", "debit", 1, "insufficient_funds") if status not in ENDED else None
    view = make_view(status, *steps, request=request, question=question, code=words)
    ours = re.sub(rf"{JOINER}\\.{JOINER}|\\\$", "", summarise(view, REGISTRY))
    assert not re.search(r"[\[\]<>`$@_~|&\\]|:(?!\s)", ours)
    assert all(re.match(r"$|#{4,5} |- |[A-Z]", line) for line in ours.splitlines())


def test_addresses_and_numbers_of_the_customer_are_left_out() -> None:
    words = f"bag for MARA@keller.example, {REQUEST.phone_number}"
    request = TEAM.model_copy(update={"items": (Item(name=words),)})
    steps = (replace(make_step("analyse"), title=words, note=words), make_step("email", note="m•••@keller.example"))
    text = shown(summary("confirmed", *steps, request=request))
    assert "mara@keller.example" not in text.casefold()
    assert "5550100" not in text
    assert "bag for •••, •••" in text
