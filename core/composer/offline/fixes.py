"""Words that correct on the way, and later sentences that change or strike out a line."""

from __future__ import annotations

from decimal import Decimal

from core.composer.offline.numbers import NUMBER, read_number
from core.composer.offline.patterns import rx
from core.composer.offline.text import Draft

_WEAK = (
    r"(?:no|sorry|wait|oops|actually|hang on|correction|on (?:second thoughts?|reflection)|my mistake|my bad"
    r"|strike that)"
)
# 'she was rather pleased' corrects nothing.
_STRONG = (
    r"(?:make (?:that|it)(?!\s(?:an?\s(?:little|bit|tad)|extra|less|more|very|really|nice)\b)"
    r"|i mean|i meant|scratch that|or rather|(?:never\s?mind|(?:forget|cancel) that)(?=\s?[,;.!-])"
    r"|(?<!\bis )(?<!\bwas )(?<!\bare )(?<!\bwere )(?<!\bam )(?<!'s )(?<!'re )(?<!'m )(?<!\bbe )"
    r"(?<!\bbeen )(?<!\bfeel )rather"
    r"|change that to|should be)"
)
FIX_WORDS = rf"[\s,;.-]+(?:(?:{_WEAK}|{_STRONG})\b[\s,;.-]*)+"
FIXING = rx(
    rf"[\s,;.-]{{0,9}}\b(?:(?:{_WEAK}\b[\s,-]*){{0,3}}{_STRONG}\b"
    rf"|(?:{_WEAK}\b[\s,-]*){{1,3}}(?={NUMBER})|(?<=[,;.-]\s)(?:{_WEAK}\b[,-]\s){{1,3}}(?=an?\s)|(?<=[,.;-]\s)(?:wait|sorry(?!\s(?:for|about|that|if|to)\b)"
    rf"|oops|correction)\b)[\s,:]*"
)
MEANT = rx(r"\s(?:i mean|i meant|instead)(?=\s*(?:\Z|[.,;!\n]))")
_SCRAP = rx(
    r"[\s,.;]{0,9}(?:\b(?:actually|oh|wait|no|and|but|please|then)\b[\s,]*){0,3}\b(?:scrap|drop"
    r"|remove|forget|cancel|skip|leave (?:out|off)|lose|ditch|hold|never mind|scratch|strike|delete|nix"
    r"|take (?:out|off)"
    r"|(?:we |i )?(?:don't|do not|no longer) (?:need|want)|minus)\s(?:about\s)?"
    r"(?:the|those|that(?!\s(?:\d|an?\b))|my)\s"
    r"(?!order\b|booking\b)(?P<name>[\w-]+(?:\s(?!(?:and|please|instead|i|we|it|they"
    r"|there|because|since|as|that|actually|altogether)\b)[\w-]+){0,2})",
    words="cancel delete ditch don drop forget hold leave longer lose minus never nix not remove scrap skip strike "
    "take",
)
# '... and 3 mugs, no mugs': of what was named before.
_NONE_OF = rx(
    r"(?<=[,.;]\s)(?:(?:actually|wait|and|but),?\s)*no\s(?P<name>[a-z][\w-]{3,})(?=\s*(?:\Z|[.,;!\n]"
    r"|please\b|after all\b))"
)
_CHANGE = rx(
    rf"\b(?:change|make|switch|increase|reduce|decrease|update|bump|raise|lower)\s(?:up\s)?(?:the|those|that)\s"
    rf"(?P<name>(?!an?\b|half\b|{NUMBER})[\w-]+(?:\s(?!to\b)[\w-]+){{0,2}})\s(?:to\s|into\s)?(?P<count>{NUMBER})(?=\s*(?:\Z|[.,;!\n]"
    rf"|(?:actually|now|then)\b|instead\b|please\b))"
)


def read_changes(draft: Draft) -> list[tuple[str, Decimal]]:
    """(name, quantity) of lines that a later sentence changes: 'change the pens to 10'."""
    changes = []
    for match in _CHANGE.finditer(draft.rest):
        if (number := read_number(match["count"])) is not None:
            changes.append((match["name"].lower(), number))
            draft.claim(*match.span())
    return changes


def read_scraps(draft: Draft) -> list[str]:
    """Names of things that a later word strikes out: 'actually scrap the chairs'."""
    names = []
    for match in _NONE_OF.finditer(draft.rest):
        if match["name"].lower() in draft.rest[: match.start()].lower():
            names.append(match["name"].lower())
            draft.skip(*match.span())
    for match in _SCRAP.finditer(draft.rest):
        names.append(match["name"].lower())
        draft.skip(*match.span())
    return names
