"""The offline reader: each reader takes its words out of the draft, the items are read from what is left."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from core.composer.base import MAX_CHARS, Reading, Span
from core.composer.offline import answers, refusals
from core.composer.offline.appointments import Task
from core.composer.offline.asides import skip_reminders, skip_what_is_no_order
from core.composer.offline.behind import put_before
from core.composer.offline.beside import say_goods_left_out, say_other_left_out
from core.composer.offline.choosing import choose
from core.composer.offline.corrections import corrected
from core.composer.offline.cues import mark_cues
from core.composer.offline.dates import read_dates, says_only_when
from core.composer.offline.days import DATE, DATE_WORDS
from core.composer.offline.fields import read_contacts, read_delivery
from core.composer.offline.fixes import read_changes, read_scraps
from core.composer.offline.instructions import skip_instructions
from core.composer.offline.items import read_items, read_new_one
from core.composer.offline.languages import is_foreign
from core.composer.offline.lines import Line, Manner
from core.composer.offline.money import Price, read_money
from core.composer.offline.more_tasks import read_more_tasks
from core.composer.offline.named_prices import name_prices, say_each
from core.composer.offline.notices import read_conditions, read_notifications
from core.composer.offline.nouns import head_of
from core.composer.offline.numbers import NUMBER
from core.composer.offline.patterns import rx
from core.composer.offline.people import read_channel, read_people
from core.composer.offline.phrases import phrase_zones
from core.composer.offline.pointing import name_what_is_short
from core.composer.offline.prices import priced, tidy
from core.composer.offline.rates import settle_rates
from core.composer.offline.services import read_task
from core.composer.offline.servings import serve_each
from core.composer.offline.shares import deal_out
from core.composer.offline.sums import in_digits
from core.composer.offline.tables import read_table
from core.composer.offline.taken_back import is_taken_back, skip_taken_back
from core.composer.offline.terse import said_in_full
from core.composer.offline.text import CUE, Draft, Written
from core.composer.offline.travel import read_travel
from core.composer.offline.unwanted import is_only_unwanted
from core.composer.offline.wishes import read_wishes
from core.composer.offline.zones import order_zones, sentences, statements
from core.errors import ReadingRefused
from core.models import OrderRequest

PARSER = "offline"
DEFAULTS: dict[str, Any] = {
    "domain": "other", "currency": "USD", "channel": "B2C", "customer_email": "customer@example.com",
    "phone_number": "+1-555-0123", "shipping_method": "standard", "priority": "medium",
}  # fmt: skip
_POLITE = rx(
    r"\b(?:(?:u+h+|u+m+|erm*|hmm+|y'know|you know|i mean like|let's see|let me see|i guess|i think|i suppose)\b,?"
    r"|(?:and )?that(?:'s|s| is|'ll be| will be)? (?:it|all|everything)(?: for (?:now|today|me))?(?=\W*(?:\Z"
    r"|thank|please))"
    r"|(?:would|is) it (?:be )?possible (?:to|for)|is there (?:any|a) (?:chance|way|possibility)"
    r"(?: that| of(?: getting| having)?)?"
    r"|when(?:ever)? you (?:get|have) (?:a"
    r"|the) (?:chance|moment|minute|time)|if (?:you can|possible|you don't mind)|thank you(?: "
    r"(?:very|so) much)?|thanks(?: in advance| a lot)?|(?:best|kind) regards[^\n]*|cheers"
    rf"|(?:(?<=get )|(?<=want )|(?<=need )|(?<=have ))(?:like|maybe)(?=\s(?:{NUMBER}))"
    rf"|(?<=and )for (?:me|him|her|them|my [\w-]+|the kids)(?=\s(?:an?|the|{NUMBER})\s)"
    r"|(?<=\s)like (?:an?|the) (?:[\w-]+ ){1,3}ones?\b"
    rf"|for (?:home )?(?:delivery|take-?away|take-?out|carry-?out)(?=,?\s(?:an?|{NUMBER})\s)"
    r"|(?:and )?(?:set|schedule|arrange for|have) (?:it|them|this|that) (?:to be )?(?=deliver|ship|sent\b|drop)"
    r"|(?:it's|its|it is) (?:(?:so|really|very|pretty|quite|too|bloody) )?(?:cold|hot|warm|chilly|cool|freezing|boiling"
    r"|raining|pouring|snowing|sunny|windy|rainy|wet|icy|foggy|humid|nice|lovely|miserable)(?: out(?:side)?)?"
    r"(?: (?:today|tonight|this (?:morning|afternoon|evening)))?(?=\s*(?:\Z|[.,;!?\n]))"
    r"|hope (?:you're|you are|this)[^.,!\n]*|as discussed[^.,\n]*|as (?:before|usual|ever|always)(?=\s?,))"
)
# 'further to your quote of 3 June', 'net 30 days': when something was written, and how it is paid.
_REFERENCE = rx(
    r"\b(?:further to|as per|in (?:reference|response|reply|answer) to|with (?:reference|regard) to|regarding|(?<!')re:"
    r"|following (?:my|our|your|the)|thank you for|thanks for)\s[^.;!?\n]{0,60}?\b(?:of|dated|on|from)\s(?:the\s)?"
    rf"(?:{DATE})|\bnet\s?\d{{1,2}}\b(?:\sdays)?|\b\d{{1,2}} days net\b",
    words=f"{DATE_WORDS} net",
)
# Words up to a mark that ends a phrase; one inside '29.99', '12:30' or 'mail@keller.example' ends none.
_RUN = re.compile(rf"(?:[^\0{CUE}\2,.;:!?()\n\"]|(?<=\d)[.,:](?=\d)|(?<=[^\W_])\.(?=[a-z\d]))+")
_EMPTY_WORDS = set(
    """
    a an the and or but of for to in on at by with without from we i you it they me us our my your is are be was
    will would could can please pls that this these those so as if then also just need want like order buy get place
    hi hello hey dear thanks thank not do don't there here have has had i'd i'll i'm we'd we'll we're it's they've
    their them which who when what one ones each delivered let's new more them mind about into
    """.split()
)


class OfflineComposer:
    """Reads English orders by rules, without a network or a key."""

    def read(self, text: str) -> Reading:
        """Read one order; `Reading.text`, which the spans point into, is the text as it was given.

        Raises ReadingRefused with a code and a sentence that says what to write instead.
        """
        draft = Draft(_checked(text))
        skip_instructions(draft)
        skip_taken_back(draft)
        skip_reminders(draft)
        wished = read_wishes(draft)
        skip_what_is_no_order(draft)
        read_contacts(draft)
        prices = name_prices(draft, read_money(draft))
        lines = settle_rates(draft, _read_fields(draft, prices), prices)
        choose(draft, lines)
        return _answered(draft, wished.of(_reading(draft, lines)))


def _answered(draft: Draft, reading: Reading) -> Reading:
    """A reading with what was answered while its fields were read."""
    found = [told for told in draft.answers if told[0] != answers.no_day_ruled_out() or not _day_said(draft)]
    told = list(dict.fromkeys((*reading.answers, *(answer for answer, *_ in found))))
    spans = [Span(f"answers.{told.index(answer)}", *draft.place(start, end)) for answer, start, end in found]
    spans = sorted((*reading.spans, *spans), key=lambda span: (span.start, span.end, span.field))
    return replace(reading, answers=tuple(told), spans=tuple(spans))


def _day_said(draft: Draft) -> bool:
    """Whether another day or time was said for each that was ruled out."""
    return all(field in draft.values for field in ("date", "return_date", "time") if field in draft.declined)


def _checked(text: str) -> Written:
    if not text.strip():
        raise refusals.empty()
    if len(text) > MAX_CHARS:
        raise refusals.too_long(len(text))
    written = Written(text)
    for put in (corrected, in_digits, say_each, name_what_is_short, deal_out, put_before, said_in_full):
        written = put(written)
    text = written.text
    if len(text) > MAX_CHARS:
        raise refusals.too_long(len(text))
    letters = sum(character.isalpha() for character in text)
    if not letters:
        raise refusals.not_an_order("There are no words in this text.")
    if letters > 3 and sum(character.isalpha() and not character.isascii() for character in text) > letters / 2:
        raise refusals.other_language()
    if is_foreign(text):
        raise refusals.other_language()
    return written


def _read_fields(draft: Draft, prices: list[Price]) -> list[Line]:
    """Run every reader in turn; what one has used the next does not see."""
    read_conditions(draft)
    read_notifications(draft)
    read_delivery(draft)
    for pattern in (_POLITE, _REFERENCE):
        for match in pattern.finditer(draft.rest):
            draft.claim(*match.span())
    task = _read_table(draft)
    if task is None and _reads_as_travel(draft):
        return []
    if task := task or read_task(draft):
        return _serve(draft, task)
    scraps = read_scraps(draft)
    changes = read_changes(draft)
    cued = mark_cues(draft)
    zones = order_zones(draft, cued)
    bare = not zones
    zones = zones or phrase_zones(draft)
    if not zones and not statements(draft):
        raise _no_order(draft)
    for start, end in sentences(draft.rest):
        if (
            (start, end) in zones
            or not cued
            or says_only_when(draft.rest[start:end])
            or re.search(r"\b(?:need|deliver|arrive|here|by|needed)\b", draft.text[start:end])
        ):
            read_dates(draft, start, end)
    read_channel(draft)
    say_other_left_out(draft)
    lines = read_items(draft, zones, Manner(cued, bare=bare), scraps)
    if not lines:
        lines = read_items(draft, statements(draft), Manner(cued, loose=True), scraps)
    lines = serve_each(draft, lines or read_new_one(draft))
    if not lines:
        raise _no_order(draft, "It does not say what to order.")
    return priced(draft, _changed(lines, changes), prices)


def _no_order(draft: Draft, why: str = "No order was found in this text.") -> ReadingRefused:
    if is_only_unwanted(draft.text) or is_taken_back(draft.text):
        return refusals.nothing_wanted()
    return refusals.other_language() if is_foreign(draft.text, strict=False) else refusals.not_an_order(why)


def _read_table(draft: Draft) -> Task | None:
    found = read_table(draft)
    return Task(*found) if found else None


def _serve(draft: Draft, task: Task) -> list[Line]:
    """The lines of services that are named by what is to be done."""
    read_dates(draft, 0, len(draft.text))
    tasks = [task, *read_more_tasks(draft, task)]
    read_channel(draft)
    say_goods_left_out(draft, "service", mark_cues(draft))
    return [Line(name, None, None, (start, end), None, article=True, service=True) for name, start, end in tasks]


def _reads_as_travel(draft: Draft) -> bool:
    """A trip has no items; dates go first, so that they are not taken for places."""
    ahead = Draft(draft.rest)
    read_dates(ahead, 0, len(draft.text))
    if not read_travel(ahead):
        return False
    read_dates(draft, 0, len(draft.text))
    read_travel(draft)
    read_people(draft, "passengers")
    read_channel(draft)
    say_goods_left_out(draft, "trip", mark_cues(draft))
    return True


def _changed(lines: list[Line], changes: list[tuple[str, Decimal]]) -> list[Line]:
    """The lines with the quantities that later sentences gave them."""
    for name, quantity in changes:
        lines = [replace(line, quantity=quantity) if head_of(line.name) == head_of(name) else line for line in lines]
    return lines


def _reading(draft: Draft, lines: list[Line]) -> Reading:
    values = dict(draft.values)
    if values.get("convert_to") == values.get("currency", "USD" if "convert_to" not in values else None):
        values.pop("convert_to", None)
    if values["workflow_type"] != "travel_booking" and (until := values.pop("return_date", None)):
        values.setdefault("date", until)
        draft.spans[:] = [replace(span, field="date") if span.field == "return_date" else span for span in draft.spans]
    defaulted = [f"items.{at}.quantity" for at, line in enumerate(lines) if line.quantity is None]
    for field, value in defaults_of(values).items():
        if field not in values:
            values[field] = value
            defaulted.append(field)
    values["items"] = [
        {"name": line.name, "quantity": tidy(line.quantity), "unit": line.unit, "unit_price": line.unit_price}
        for line in lines
    ]
    try:
        request = OrderRequest.model_validate(values | {"defaulted": tuple(defaulted)})
    except ValidationError as error:
        raise refusals.out_of_bounds(error) from error
    for at, line in enumerate(lines):
        draft.note(f"items.{at}.name", *line.name_span)
        if line.quantity_span and line.quantity is not None:
            draft.note(f"items.{at}.quantity", *line.quantity_span)
        if line.unit_span:
            draft.note(f"items.{at}.unit", *line.unit_span)
    ignored = ignored_words(draft, tuple(draft.spans))
    placed = (Span(span.field, *draft.place(span.start, span.end)) for span in draft.spans)
    spans = tuple(sorted(placed, key=lambda span: (span.start, span.end, span.field)))
    declined = tuple((field, value) for field, values in draft.declined.items() for value in values)
    return Reading(draft.original, request, spans, ignored, PARSER, declined=declined)


def defaults_of(values: dict[str, Any]) -> dict[str, Any]:
    """What is filled in where an order with these values leaves it open."""
    if values["workflow_type"] != "travel_booking":
        return DEFAULTS
    counts = {"rooms": 1, "nights": 1} if values.get("travel_mode") == "hotel" else {"passengers": 1}
    if "return_date" in values:
        counts.pop("nights", None)
    return DEFAULTS | counts


def ignored_words(draft: Draft, spans: tuple[Span, ...]) -> tuple[str, ...]:
    """Runs of words that gave nothing and are not mere grammar."""
    used = [(span.start, span.end) for span in spans]
    left = list(draft.rest)
    for start, end in draft.unread:
        left[start:end] = draft.text[start:end]
    for start, end in used:
        left[start:end] = "\0" * (end - start)
    runs = []
    for run in _RUN.finditer("".join(left)):
        words = list(re.finditer(r"\S+", run[0]))
        while words and words[0][0].lower() in _EMPTY_WORDS:
            words.pop(0)
        while words and words[-1][0].lower() in _EMPTY_WORDS:
            words.pop()
        if any(sum(map(str.isalnum, word[0])) > 1 or word[0].isdigit() for word in words):
            start, end = draft.place(run.start() + words[0].start(), run.start() + words[-1].end())
            runs.append(" ".join(draft.original[start:end].split()))
    return tuple(runs)
