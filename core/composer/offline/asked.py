"""Whether a trip is asked for, or only told of or named beside something else."""

from __future__ import annotations

from core.composer.offline.numbers import NUMBER
from core.composer.offline.patterns import rx

_TOLD = rx(
    r"\b(?:was|were|took|flew|went|came|travell?ed|arrived|rode|sailed|drove|loved|hated|lost|missed|forgot"
    r"|last (?:week|month|year|night|time|summer|winter)(?! of\b)|yesterday|ago)\b",
    words="ago arrived came drove flew forgot hated last lost loved missed rode sailed took traveled was went were "
    "yesterday",
)
_ASKS = rx(
    r"[\s\0,]*(?:(?:hi|hello|hey|so|um|uh)\b[\s,\0]*){0,4}(?:(?:is|are|was|were) (?:there|the|it|that|your|my)|do"
    r"|does|did|which|when"
    r"|where|how|what|why|who|has|(?:i|we) (?:hate|love|enjoy|like|adore)"
    r"|(?:i|we) have (?:an?|my|our|the) [\w-]+ (?:waiting|booked|ready|outside|already))\b"
)
_WISHED = rx(
    r"\b(?:(?:would|i'd|we'd|really) (?:really )?love|book|reserve|need|want|wanna|gotta|like|please|get|find"
    r"|arrange|schedule|rent|hire|looking|send|grab|order"
    r"|help)\b"
)


def is_told(rest: str) -> bool:
    """Whether a trip is told of, not asked for."""
    return bool(_TOLD.search(rest) or _ASKS.match(rest)) and not _WISHED.search(rest)


# 'snacks for the flight', 'chairs for the rooms in ...': not what is booked.
_DETERMINERS = rf"(?:\s(?:the|our|my|a|an|new|this|that|your|all|each|every|{NUMBER})|\s[\w-]+(?:ed|er|ing))*"
BESIDE = rx(
    rf"(?:\b(?:for|from|with|of|in|at|near|by|on|during|(?<!'m )(?<!am )(?<!'re )(?<!are )after|before){_DETERMINERS}"
    r"|\b(?:our|my|this|that|your|no|without)"
    r"|\b(?:i|we)\s(?:run|own|manage|operate|live in|work (?:in|at|for))\s"
    r"(?:(?!\b(?:need|want|would|like|book|please|looking)\b)[^.;!?\n])*)\s?\Z"
)
# ... but in 'looking for a flight' it is.
SOUGHT = rx(
    r"\b(?:(?:looking|look|searching|search|shopping|market|reservation|booking|ask|interested)\s(?:for|in)"
    r"|in\s(?:\w+\s)?(?:need|search)\sof"
    r"|(?:seats?|tickets?|spots?|places?)\s(?:on|for|in|at|of)"
    r"|(?:help|assist(?:ance)?)\s(?:(?:me|us)\s)?(?:with|in|for)"
    rf"|(?:{NUMBER}|adults|children|kids|people|passengers|students|pupils|of us)\s(?:on|for)(?=\s(?:the|an?)\b))"
    rf"{_DETERMINERS}\s?\Z"
)
