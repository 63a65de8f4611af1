"""How much is off, and a discount that is taken back."""

from __future__ import annotations

from decimal import Decimal

from core.composer.offline import answers
from core.composer.offline.numbers import NUMBER, read_number
from core.composer.offline.patterns import rx
from core.composer.offline.text import Draft

_DISCOUNT = rx(
    r"(?:\b(?:with|at|apply|get|and|for|less|minus|knock|takes?)\s+)?(?:\b(?:an?|the|our|my|your)\s+)?"
    rf"(?P<before>\d{{1,3}}(?:\.\d{{1,2}})?|{NUMBER})\s?(?:%|per ?cent\b)"
    r"\s*(?:(?!on\b|of\b)[a-z]+\s){0,2}?(?:off\b|discount\b|rebate\b|reduction\b)"
    rf"|\b(?:discount|rebate|reduction)(?:\s+(?:of|is|at)|:)?\s*(?P<after>\d{{1,3}}(?:\.\d{{1,2}})?|{NUMBER})"
    r"\s?(?:%|per ?cent\b)"
    rf"|\b(?:less|minus)\s(?P<less>\d{{1,3}}(?:\.\d{{1,2}})?|{NUMBER})\s?(?:%|per ?cent\b)"
    r"(?=\s*(?:\Z|[.,;!\n)]|(?:for|please|and|on)\b))",
    words="% percent",
)


# 'half price', 'a quarter off'.
_PART_OFF = rx(
    r"\b(?:(?:at|for|with|a)\s){0,2}(?:(?P<half>half)[ -](?:price|off)|(?P<quarter>quarter)\soff)\b", words="off price"
)

_NO_DISCOUNT = rx(
    r"(?:(?<=[,;.-]\s)(?:no|wait|sorry|actually)\b[\s,]*)*"
    r"\b(?:(?:with )?no|without (?:the|any|a)|(?:forget|drop|scrap|skip|ignore|never mind"
    r"|leave (?:out|off)|lose) (?:the|that|my)"
    r"|(?:take|leave) the)\s(?:discount|rebate|reduction)(?:\s(?:off|out|after all))?\b",
    words="discount rebate reduction",
)


def read_discount(draft: Draft) -> None:
    """Set how many per cent are off."""
    for match in _DISCOUNT.finditer(draft.rest):
        percent = read_number(match["before"] or match["after"] or match["less"])
        if percent is not None and percent <= 100:
            draft.give("discount_percent", percent, match)
        elif percent is not None:
            draft.tell(answers.no_such_discount(match[0].strip()), *match.span())
            draft.skip(*match.span())
    for match in _PART_OFF.finditer(draft.rest):
        draft.give("discount_percent", Decimal(50 if match["half"] else 25), match)
    _take_back(draft)


def _take_back(draft: Draft) -> None:
    """'20% off, no, no discount': the last word counts."""
    for match in _NO_DISCOUNT.finditer(draft.rest):
        said = [span for span in draft.spans if span.field == "discount_percent"]
        if all(span.end <= match.start() for span in said):
            draft.values.pop("discount_percent", None)
            draft.spans = [span for span in draft.spans if span.field != "discount_percent"]
        draft.claim(*match.span())
