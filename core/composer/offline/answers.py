"""What no plan can do, in a sentence or two each, and what can be had instead."""

from __future__ import annotations

from collections.abc import Sequence

from core.composer.base import Answer
from core.models import Notice, PlanPart

NAMES: dict[PlanPart, str] = {
    "payment": "payment",
    "order": "order step",
    "conversion": "conversion",
    "booking": "booking",
    "shipping": "shipping",
    "email": "email",
    "sms": "text message",
    "call": "call",
}
_DEEDS: dict[PlanPart, str] = {
    "payment": "charge the card",
    "order": "place the order",
    "conversion": "convert the currency",
    "booking": "book",
    "shipping": "ship",
}
_VERBS: dict[Notice, str] = {"email": "email", "sms": "text", "call": "call"}


def notice_before(channel: Notice, part: PlanPart = "payment") -> str:
    """The sentence that wishes for a notice."""
    return f"{_VERBS[channel]} me before you {_DEEDS.get(part, 'charge the card')}"


def cancel_on_message(channel: Notice) -> Answer:
    """A message that fails can't undo the order."""
    return Answer(
        f"A confirmation by {NAMES[channel]} goes out only when nothing can be cancelled any more, so its failure "
        "can't cancel the order. A notice before the payment can be had instead.",
        notice_before(channel),
    )


def no_order_without(parts: Sequence[PlanPart]) -> Answer:
    """These can't be passed over."""
    return Answer(
        f"An order can't go on without its {_joined(parts)}: it can stop and ask you, or be cancelled.",
        f"stop and ask me if the {NAMES[parts[0]]} fails",
    )


def no_telling(part: PlanPart) -> Answer:
    """No condition is about this part."""
    return Answer(
        "A message can follow when the payment or the shipping fails, or when it is out of stock, late or over budget, "
        f"but not when the {NAMES[part]} fails. There the run can stop and ask you.",
        f"stop and ask me if the {NAMES[part]} fails",
    )


def nothing_ships() -> Answer:
    """A wish about the shipping of a trip, a service or a licence."""
    return Answer("Nothing is shipped for this order, so what is wished of its shipping changes nothing.")


def no_second_way(part: PlanPart) -> Answer:
    """There is no fallback."""
    return Answer(
        f"A plan has no second way for its {NAMES[part]}. It can stop and ask you, and you can then change the wallet, "
        "the contact or the delivery, and try again.",
        f"stop and ask me if the {NAMES[part]} fails",
    )


def someone_decides(parts: Sequence[PlanPart]) -> Answer:
    """Where nobody is asked, it is cancelled."""
    names = _joined(parts, "or")
    return Answer(
        f"When the {names} fails for good, the run can't go on by itself: it stops and asks you, unless it is to undo "
        "everything.",
        f"undo everything if the {names} fails",
    )


def never_cancelled() -> Answer:
    """Asking first is the most that can be had."""
    return Answer(
        "Nothing is cancelled before you were asked. But no order goes on without its payment, order step, conversion "
        "and booking: where one of them fails for good, you try again or give up. Only shipping can be passed over.",
        "go on if the shipping fails",
    )


def whole_refund() -> Answer:
    """Undo gives back what was taken."""
    return Answer(
        "A refund always gives back exactly what was taken, never a part of it. The run can stop and ask you before "
        "anything is refunded.",
        "stop and ask me if anything fails",
    )


def one_payment() -> Answer:
    """No instalments."""
    return Answer("An order is paid at once and whole: parts, deposits and instalments can't be had.")


def other_payment() -> Answer:
    """PayPal, cash, a cheque."""
    return Answer("An order is paid by card, or by a company from its wallet; there is no other way to pay.")


def no_delays() -> Answer:
    """'wait an hour before you ship'."""
    return Answer(
        "Each step begins when the one before it is done; no plan waits. A notice before a step can be had instead.",
        notice_before("email", "shipping"),
    )


def paid_before_shipping() -> Answer:
    """Both plans take the money before anything leaves."""
    return Answer(
        "The money is always taken before anything ships, so that it can still be undone. It can be taken after the "
        "booking instead of first.",
        "book before you charge",
    )


def never_free() -> Answer:
    """Every order is paid."""
    return Answer(
        "An order is always paid: by card, or from a company's wallet. Nothing is charged before you press Run, and a "
        "notice before the payment can be had.",
        notice_before("email"),
    )


def paid_once() -> Answer:
    """What every order has already."""
    return Answer("Nobody is charged twice: a payment is made once, however often it is tried and whatever fails.")


def paid_when_run() -> Answer:
    """No payment is put off."""
    return Answer(
        "The money is taken when the order runs, not on a day of its own. It can be taken after the booking instead of "
        "first.",
        "book before you charge",
    )


def one_order_now() -> Answer:
    """Nothing repeats by itself."""
    return Answer(
        "One order is placed now: nothing repeats it by itself. Saved under a name, it can be placed again at any time."
    )


def no_returns() -> Answer:
    """What is confirmed stays."""
    return Answer(
        "A confirmed order is not taken back, whoever is unhappy with it. Until it is confirmed you can cancel it, and "
        "all the money goes back; a notice before the payment can be had.",
        notice_before("email"),
    )


def no_approval(part: PlanPart) -> Answer:
    """A run asks only when something fails."""
    return Answer(
        "A run asks only when something has failed; it does not wait for an approval, as nothing runs before you press "
        f"Run. A notice before it {_does(part)} can be had.",
        notice_before("email", part),
    )


def no_endless_tries(part: str, most: int) -> Answer:
    """Tries are bounded."""
    return Answer(
        f"A step is tried 1 to {most} times, then the run stops and asks you or cancels.", f"try {part} {most} times"
    )


def say_how_often(part: str) -> Answer:
    """No number was given."""
    return Answer("Every step is tried 3 times as it is. Say how often to have it otherwise.", f"try {part} 5 times")


def no_waits(part: str) -> Answer:
    """Waits between tries are set."""
    return Answer(
        "The waits between tries can't be chosen: the first is half a second, and they double up to 30 seconds. How "
        "often it is tried can be chosen.",
        f"try {part} 10 times",
    )


def left_out(what: str, kind: str, alone: str) -> Answer:
    """Goods beside a trip; the sentence that orders them is no addition to this one, so it is no offer."""
    return Answer(f"This order is of a {kind}, and '{what}' can't be part of it. Write it as its own order: '{alone}'.")


def one_of_two(first: str, second: str) -> Answer:
    """'a coke or a pepsi': only one of them is on the order."""
    return Answer(
        f"'{first}' or '{second}' is one of two; the first was read. Write the second in its place to have that."
    )


def no_such_day(words: str) -> Answer:
    """31 February."""
    return Answer(f"'{words}' is on no calendar, so it was left out. Write the day that is meant.")


def back_before(out: str, back: str) -> Answer:
    """A return before the departure."""
    return Answer(f"The return on {back} is before the departure on {out}. Write both days as they are meant.")


def same_place(place: str) -> Answer:
    """'from Paris to Paris'."""
    return Answer(f"This trip begins and ends in {place}. Write where it goes.")


def no_such_time(words: str) -> Answer:
    """25:00."""
    return Answer(f"'{words}' is no time of day, so it was left out. Write the time that is meant.")


def no_such_discount(words: str) -> Answer:
    """150% off."""
    return Answer(f"'{words}' is more than the whole price, so it was left out. Write at most 100%.")


def no_such_address(words: str) -> Answer:
    """a@b."""
    return Answer(f"'{words}' is no e-mail address, so it was left out. Write one like name@example.com.")


def nobody_comes(words: str) -> Answer:
    """A trip for 0 people."""
    return Answer(f"'{words}' is nobody, so it was left out. Write how many come along.")


def no_day_ruled_out() -> Answer:
    """A date is wished for, never struck out."""
    return Answer(
        "An order can name the day and time that it is wanted by, and can't rule one out. Say what suits instead."
    )


def _does(part: PlanPart) -> str:
    deed = _DEEDS[part].split()
    return " ".join([f"{deed[0]}s", *deed[1:]])


def _joined(parts: Sequence[PlanPart], last: str = "and") -> str:
    names = [NAMES[part] for part in parts]
    return ", ".join(names[:-1]) + f" {last} {names[-1]}" if len(names) > 1 else names[0]
