"""Which money an order is paid in, and words for money that is none."""

from __future__ import annotations

import re
import unicodedata

from core.composer.offline import refusals
from core.composer.offline.currencies import NOT_MONEY, NOT_PAID_WITH, currency_code, currency_signs
from core.composer.offline.negation import NEGATION
from core.composer.offline.numbers import AMOUNT, NUMBER
from core.composer.offline.patterns import any_of, rx
from core.composer.offline.text import Draft

# How one can pay that is no currency.
_PAY_WAYS = set(
    "full advance cash installments instalments person store stores parts total two three four monthly arrears time "
    "one credit kind the a an my our your july june may march april".split()
)

_PAY = rx(
    r"\b(?:pay(?:ing|able|ments?)?|settlement|paid|charged?|bill(?:ed|ing)?|invoiced?|settled?|convert(?:ed"
    r"|ing)?|conversion|exchanged?)\b"
    r"(?P<what>(?:\s(?!in\b|into\b|to\b|with\b|using\b)[\w']+){0,4}|\s[^.;,\n]{2,24}\sworth\sof(?:\s(?!in\b)[\w'-]+){1,5})\s+(?P<by>(?P<into>in(?:to)?)|to|with"
    r"|using)\s+(?:the\s)?(?:(?:south|new|hong)\s(?=[a-z]+\s[a-z]))?(?P<word>[^\W\d_]+)(?:\s(?P<following>[^\W\d_]+))?",
    words="bill charge convert exchange invoice paid pay settle",
)
_UNCONVERTED = rx(
    rf"{NEGATION}(?:convert(?:ing)?|exchang(?:e|ing)|conversion)(?:\s(?:it|anything|the\s(?:currency|money|price)s?))?"
    r"(?=\s*(?:\Z|[.,;!\n\0]|(?:and|but|please)\b))",
    words="convert exchange",
)
_NAMED = rx(
    r"\b(?:(?:currency|prices?|priced|quoted?|all)(?:\s+(?:is|are|in|:|=))*|in|use"
    r"|using)[\s:]+([^\W\d_]+)(?:\s([^\W\d_]+))?"
)


def pay_currency(draft: Draft) -> None:
    """'charge me in euros', 'convert to EUR'; raises where what follows 'in' is no money."""
    for match in _UNCONVERTED.finditer(draft.rest):
        draft.decline("convert_to", None)
        draft.claim(*match.span())
    for match in _PAY.finditer(draft.rest):
        word, following = match["word"], match["following"] or ""
        if found := currency_code(word, following):
            end = match.end("word" if found[1] == 1 else "following")
            start = match.start("by") if re.match(r"\sfor\b|.*\sworth\sof\b", match["what"]) else match.start()
            if draft.declines("convert_to", found[0], start, end):
                continue
            if "convert_to" not in draft.values:
                draft.values["convert_to"] = found[0]
                draft.note("convert_to", start, end)
            draft.claim(start, end)
        elif word.lower() in NOT_MONEY | NOT_PAID_WITH or (match["into"] and _coin(word)):
            raise refusals.currency(word)


def _coin(word: str) -> bool:
    """Whether a word after 'pay in' stands for money that is not known."""
    return word.lower() not in _PAY_WAYS and len(word) > 2


def named_currency(draft: Draft) -> None:
    """'prices in euros', 'in EUR', 'currency: GBP', where no amount said it."""
    for match in _NAMED.finditer(draft.rest):
        if found := currency_code(match[1], match[2] or ""):
            if draft.declines("currency", found[0], match.start(), match.end(found[1])):
                continue
            if "currency" not in draft.values:
                draft.values["currency"] = found[0]
                draft.note("currency", match.start(1), match.end(found[1]))
            draft.claim(match.start(), match.end(found[1]))


_UNKNOWN = rx(
    rf"(?:@|\bat|\bfor|\bbudget(?: of|:)?|\bunder|\bpriced?(?: at| of|:)|\bcosts?)\s+(?:{AMOUNT}"
    rf"|{NUMBER})\s?([^\W\d_]{{2,24}})(?:\s(?:coins?|pieces?|credits?|tokens?|points?|bars?|bucks))?\s+(?:each"
    rf"|apiece|per|a piece|in total|total)\b"
    rf"|(?:@|\bat|\bbudget(?: of|:)?)\s+(?:{AMOUNT})\s?((?-i:[A-Z]{{3}}))(?=\s*(?:\Z|[,.;\n]))"
    rf"|\b(?:{AMOUNT}|{NUMBER})\s?(?:(?:gold(?:en)?|silver|bronze|copper)\s)?({any_of(NOT_MONEY)})\b(?=\s*(?:\Z|[,.;\n]|each\b"
    rf"|per\b|total\b|in total\b|for\b|to\b|on\b))",
    words=" ".join(["@ at for budget under price cost", *NOT_MONEY]),
)
_NO_COIN = set(
    """
    grand units pieces percent people pm am k m thousand million items each pcs cents cent pence p
    """.split()
)


def refuse_unknown(draft: Draft) -> None:
    """Raise where an amount stands before a word or a sign that is money nowhere."""
    for match in _UNKNOWN.finditer(draft.rest):
        word = match[1] or match[2] or match[3]
        if not currency_code(word) and not currency_code(word.lower()) and word.lower() not in _NO_COIN:
            raise refusals.currency(word)
    for match in re.finditer(r"[^\w\s]", draft.rest):
        sign = match[0]
        if (
            unicodedata.category(sign) == "Sc"
            and sign not in currency_signs()
            and re.search(r"\d", draft.rest[max(0, match.start() - 2) : match.end() + 2])
        ):
            raise refusals.currency(sign)
