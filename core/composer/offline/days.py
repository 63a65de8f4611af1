"""The words for days: weekdays, months, ordinals, and what makes up a date."""

from __future__ import annotations

from core.composer.offline.numbers import NUMBER
from core.composer.offline.patterns import rx

DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
SHORT_DAY = r"(?:mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\b\.?"
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
DAYS = (
    {word: day for day, word in enumerate(ORDINALS, 1)}
    | {
        f"{tens}{sign}{word}": base + day
        for tens, base, most in (("twenty", 20, 9), ("thirty", 30, 1))
        for day, word in enumerate(ORDINALS[:most], 1)
        for sign in "- "
    }
    | {"thirtieth": 30}
)
ORDINAL = rf"(?:(?:twenty|thirty)[ -](?:{'|'.join(ORDINALS[:9])})|{'|'.join(reversed(ORDINALS))}|thirtieth)"
SPELLED = rx(rf"\b{ORDINAL}\b")
# 'on the fifth floor' is no day.
_PLACED = (
    "floor|level|storey|story|street|st|avenue|ave|road|hole|row|day|page|line|try|attempt|one|time|occasion|flights?"
    "|trains?|bus|ferry|shelf|tier|deck|fairway|platform|team|list"
)
_PART = r"(?:\s(?:morning|afternoon|evening|night)\b)?"
DATE = (
    r"(?:\d{4}-\d{2}-\d{2}(?!\d)"
    rf"|(?:{DAY},?\s)?{MONTH}\s(?:the\s)?(?:\d{{1,2}}(?:st|nd|rd|th)?|{ORDINAL})\b(?:,?\s20\d\d\b)?"
    rf"|(?:{DAY},?\s)?(?:the\s)?(?:\d{{1,2}}(?:st|nd|rd|th)?|{ORDINAL})(?:\sof)?\s{MONTH}(?:,?\s20\d\d\b)?"
    r"|\d{1,2}[/.]\d{1,2}[/.](?:20)?\d\d\b"
    rf"|(?:(?:this|next|coming)\s)?{DAY}\b{_PART}"
    r"|(?:the )?day after tomorrow|tomorrow\b(?:\s(?:morning|afternoon|evening|night)\b)?|tonight"
    r"|today|(?:this|next)\s(?:week(?:end)?|month)\b|this\s(?:morning|afternoon|evening)\b"
    rf"|in\s(?:about\s)?(?:{NUMBER}|a)\s(?:days?|weeks?|months?)\b"
    rf"|(?:the )?end of (?:the |this |next )?(?:week|month|year|quarter|{MONTH})"
    rf"|(?<=\bon )the (?:\d{{1,2}}(?:st|nd|rd|th)|{ORDINAL})\b(?!\s(?:{_PLACED})\b)"
    r"|\d{1,2}(?:st|nd|rd|th) of (?:this|next) month"
    rf"|the (?:\d{{1,2}}(?:st|nd|rd|th)|{ORDINAL})\b(?: of (?:this|next) month)?(?!\s(?!(?:of|for|at|to|from|in|and"
    r"|please|with|or|just|only|if|i|we|my|me|us|there's|preferably|ideally|around|about|through|until|till|returning"
    r"|coming|leaving|because|but|so|when|before|after|by|they|he|she|sometime|early|late|both|nonstop|direct)\b)[a-z]))"
)
# Something of it is in every date, slashed ones too, and in every short name of a day.
DATE_WORDS = (
    "day week month quarter year tomorrow tonight today morning afternoon evening 0/0 th st nd rd "
    "monday tuesday wednesday thursday friday saturday sunday "
    "january february march april may june july august september october november december " + " ".join(ORDINALS)
)
# Days by their name; 'for Christmas' is an occasion, 'by Christmas' a day.
FEAST = (
    r"(?:christmas(?:\s(?:day|eve))?|boxing day|new year(?:'?s)?(?:\s(?:day|eve))?|easter(?:\s(?:sunday|monday))?"
    r"|thanksgiving|halloween|valentine'?s(?:\sday)?|(?:mother|father)'?s day)"
)
FEAST_WORDS = "christmas boxing new easter thanksgiving halloween valentine mother father"
# '5/2', which is a date only where a word before it says so.
SLASHED = r"(?:1[0-2]|0?[1-9])/(?:3[01]|[12]\d|0?[1-9])(?![\d/])|(?:3[01]|2\d|1[3-9])/(?:1[0-2]|0?[1-9])(?![\d/])"


def ordinal(day: int) -> str:
    """'the 20th' of a month: 1st, 2nd, 3rd, 11th."""
    ending = "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"
