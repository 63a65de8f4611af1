"""Slips of the pen in the words that the reader needs: shiping, ordr. Names of things are left as they were written.

rapidfuzz does the distances: OSA counts a swap of neighbours as one slip, which difflib does not, in microseconds.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from core.composer.offline.lexicon import lexicon
from core.composer.offline.nouns import singular
from core.composer.offline.numbers import NUMBER

_NEEDED = (
    "order purchase want need please shipping delivery deliver express expedited standard overnight department office "
    "company urgent urgently immediately discount budget appointment schedule reserve reservation subscription license "
    "licence consultation flight hotel ticket tickets passengers returning tomorrow tonight monday tuesday wednesday "
    "thursday friday saturday sunday january february september october november december dollars euros pounds hundred "
    "thousand million dozen twenty thirty wholesale priority payment without confirmation notification customer number "
    "address cancel instead business economy employees between several address quantity"
).split()
# Words that are near to one of those, and are meant.
_MEANT = set(
    """
    older orders ordered shopping skipping whipping chipping shipped match march hostel officer officers pavement
    costumer wanted wants needed needs went wait wand wind neat nerd knee news next near weed plead pleas pleased
    pleases reserved reserves served presses pressed expresses expert extent expects delivers delivered delivering
    deliveries discounts budgets cancels cancelled canceled canceling purchases purchased purchaser tickets flights
    hotels hours house thousands millions numbers numbered addresses addressed urgency payments priorities several
    severe customers standards companies departments offices appointments schedules scheduled scheduling
    consultations licenses licences licensed subscriptions employee employer employers wednesdays mondays tuesdays
    fridays saturdays sundays thursdays between businesses quality dozens hundreds pound pounding rounds dollar euro
    office offer offers offered steady stead order order's border motel fright slight friend friends company's
    recurring occurring department's sunny money monkey monkeys honey
    """.split()
)
_WORD = re.compile(r"(?<![\w@./'-])[a-z]{4,16}(?![\w@'-]|\.\w)")


# How small words are written in haste.
_SHORT = {
    "n": "and", "u": "you", "ur": "your", "ppl": "people", "tmrw": "tomorrow", "tmr": "tomorrow", "tmrrw": "tomorrow",
    "tonite": "tonight", "nite": "night", "nites": "nights", "frm": "from", "teh": "the", "wnt": "want", "ned": "need",
    "flite": "flight", "flites": "flights", "thx": "thanks", "oclock": "o'clock", "w/": "with", "w/o": "without",
    "2nite": "tonight", "2morrow": "tomorrow", "fr": "for", "4ur": "for your", "nd": "and", "aslo": "also", "&&": "and",
    "seets": "seats", "hav": "have", "mrning": "morning", "appt": "appointment", "appts": "appointments",
    "qnty": "quantity", "doz": "dozen", "dz": "dozen", "pkt": "packet", "pkts": "packets", "btl": "bottle",
    "btls": "bottles", "ctn": "carton", "ctns": "cartons", "tehy": "they", "thye": "they", "hte": "the", "taht": "that",
    "adn": "and", "pkgs": "packages", "doz.": "dozen", "dz.": "dozen", "pkt.": "packet",
}  # fmt: skip
_HASTY = re.compile(
    rf"(?:(?<=\s)|\A)(?:{'|'.join(sorted(map(re.escape, _SHORT), key=len, reverse=True))})(?=\s|\Z|[,.!?])"
    r"|(?<=[a-z] )4(?= (?:the|my|our|me|us|his|her)\b)"
    r"|(?<=\bto )by(?= (?:an?|\d+|some|the|two|three)\b)"
)
_UNSURE = (
    r"about|around|roughly|approximately|approx\.?|circa|nearly|almost|exactly|precisely|maybe|perhaps|probably"
    r"|possibly"
    r"|a total of"
)
# 'like, uh, six'
_HM = r"(?:(?:u+h+m*|u+m+|erm*|h+m+|you know|i dunno|i don't know|maybe|say|let's say|what|well)\b[,.]{0,3}\s){0,3}"
_BOUNDED = r"at least|at most|up to|as many as|no (?:more|fewer|less) than|a minimum of|a maximum of"
_MONEY_AFTER = (
    r"\s?(?:[$€£¥%]|(?-i:[A-Z]{3}\b)|(?:dollars?|euros?|pounds?|bucks|quid|yen|rupees|francs|usd|eur|gbp|k|grand|cents"
    r"|percent|per|each|in|total|altogether|am|pm|o'clock)\b)"
)
# '12" pizza'
_INCHES = re.compile(r"(?<=\d)(?:\"|'')(?=\s[a-z])")
_NUMBERED = re.compile(r"(?:(?<=\s)|(?<=:)|\A)\(?(\d{1,2})[.)]\s(?=\S)", re.ASCII)


@cache
def _noise() -> re.Pattern[str]:
    """'uh', 'about' and 'or so' around a number, the 'ish' of '5ish', the 'ea.' of '3 ea. bolts'."""
    return re.compile(
        r"(?<=\s)(?:where (?:is|was) it|what's it called|what do you call it|what was it|let me think),?\s(?=[a-z])"
        r"|(?:(?<=[\s,(])|\A)(?:u+h+m*|u+m+|erm*|h+m+|mhm+)\b(?:\.{2,}|[,-])?(?:\s|\Z)"
        rf"|(?<![\w$])(?i:{_UNSURE})\s(?=(?:{NUMBER})(?!%))(?!(?:{NUMBER})(?:\s?(?:[$€£¥%]|am\b|pm\b|o'clock)|:\d"
        r"|\s*(?:\Z|[,.;!?]|(?:on|in|for|at|can|could|tomorrow|tonight|this|next|please|and|with|to|from)\b)))"
        rf"|(?<![\w$])(?i:{_BOUNDED})\s(?=(?:{NUMBER})\s[a-z])(?!(?:{NUMBER})(?i:{_MONEY_AFTER}))"
        rf"|(?<=[\s,])(?<!would )(?<!'d )(?<!\bid )(?<!\bi )(?<!\bwe )like,?\s{_HM}(?=(?:{NUMBER})(?:\s[a-z]|,\s))"
        rf"|(?<=\w\sor\s)(?i:maybe|perhaps|possibly|probably|even),?\s(?=(?:{NUMBER})\b)"
        r"|(?<=\d)-?ish\b|(?<=\w)\s(?:or so|or thereabouts|give or take)(?=\s[a-z]|[,.\s]*\Z)"
        r"|(?<=[a-z])\s\(\d{1,6}\)(?=\s[a-z])|(?<=\w)\s\(\d{1,5}\s[a-z]{2,12}\s(?:each|per\s\w{2,12})\)"
        r"|(?<=\w)\s\(\d{1,6}(?:\.\d{1,3})?\s?(?:t|kg|g|mm|cm|m|l|ml|v|w|kw|hp|in|inch|gb|tb|oz|lbs?|ft)\)"
        r"|(?<=[a-z])\s\(\d{1,5}\s[a-z]{2,12}\)(?=\sof\s)"
        r"|(?<=\d)\s?(?:(?:nos|nrs?)\b\.?|no\.|(?:pcs?|pces?|units?)\.)(?=\s[a-z])"
        r"|(?<=[\s\d])ea\b\.?\s?(?=\s?(?!for\b|and\b|with\b|to\b|please\b|plus\b|in\b)[a-z])"
    )


# 'jo dot smith at mail dot com'; a slip of 'at' alone is none.
_SPOKEN_MAIL = re.compile(
    r"(?<![\w@])(?P<who>[a-z][\w-]{0,30}(?: (?:dot|underscore|dash) [\w-]{1,30}){0,3}) at"
    r" (?P<where>[a-z][\w-]{1,30}(?: dot [a-z]{2,20}){1,3})(?![\w@])",
    re.IGNORECASE,
)
_SIGNS = {" dot ": ".", " underscore ": "_", " dash ": "-"}


def _mail(match: re.Match[str]) -> str:
    words = f"{match['who']}@{match['where']}"
    for said, sign in _SIGNS.items():
        words = words.replace(said, sign)
    return words


# 'at 7ish', 'nine-ish tomorrow': an hour, where no thing is counted.
_ISH = re.compile(
    r"\b(?:1[0-2]|[1-9]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?P<ish>-?\s?ish)\b"
    r"(?=\s*(?:\Z|[,.;!?\n]|(?:on|in|at|this|next|tomorrow|tonight|today|please|to|from|for|if|and|with|sharp|or|but|so"
    r"|outside|inside|out|somewhere|we|i|it|there|the|my|our|can|could|just|under|near|when|after|before"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b))",
    re.IGNORECASE,
)
# '1x kettle 2x toaster'
_TIMES_FIRST = re.compile(r"(?:\A|\s)\d{1,4}x\s[a-z]", re.IGNORECASE)
_TIMES_AGAIN = re.compile(r"(?<=[a-z])\s(?=\d{1,4}x\s[a-z])", re.IGNORECASE)
# 'marc 2nd', '3rd of agust': a month beside its day.
_MONTH_LIKE = re.compile(
    r"\b(?P<before>[a-z]{4,10})(?=\s\d{1,2}(?:st|nd|rd|th)\b)|(?<=\d(?:st|nd|rd|th)\s)(?P<after>[a-z]{4,10})\b"
    r"|(?<=\d(?:st|nd|rd|th)\sof\s)(?P<of>[a-z]{4,10})\b"
)
_MONTHS = "january february march april june july august september october november december".split()


def noise(text: str) -> list[tuple[int, int, str]]:
    """(start, end, '') of words that say nothing about an order; numbers of a list become line breaks."""
    hours = [(*match.span("ish"), " o'clock") for match in _ISH.finditer(text)]
    taken = {start for start, _, _ in hours}
    found = [(*match.span(), "") for match in _noise().finditer(text) if not _priced(match)]
    found = hours + [slip for slip in found if slip[0] not in taken]
    found += [(*match.span(), "-inch") for match in _INCHES.finditer(text)]
    found += [
        (*match.span(), ", ") for match in _TIMES_AGAIN.finditer(text) if _TIMES_FIRST.search(text, 0, match.start())
    ]
    numbered = list(_NUMBERED.finditer(text))
    if len(numbered) > 1 and [int(match[1]) for match in numbered] == list(range(1, len(numbered) + 1)):
        found += [(*match.span(), "\n") for match in numbered]
    return sorted(found)


def _priced(match: re.Match[str]) -> bool:
    """Whether 'ea' stands after a price."""
    if not match[0].startswith("ea"):
        return False
    before = re.search(r"\S+\s?\Z", match.string[: match.start()])
    return (
        before is None
        or not re.fullmatch(r"\d{1,6}\s?", before[0], re.ASCII)
        or bool(re.search(r"(?:@|\bat|\bcost\w*|[$€£])\s?\d*\s?\Z", match.string[: match.start()]))
    )


def mend(text: str) -> str:
    """The text with slips in the words that matter put right; only in words in lower case that are no known thing."""
    for start, end, word in reversed(slips(text)):
        text = text[:start] + word + text[end:]
    return text


def slips(text: str) -> list[tuple[int, int, str]]:
    """(start, end, what is meant) of each word that `mend` puts right."""
    found = [
        (*match.span(), _SHORT.get(match[0], "for" if match[0] == "4" else "buy")) for match in _HASTY.finditer(text)
    ]
    taken = {start for start, _, _ in found}
    found += [(*match.span(), _mended(match[0])) for match in _WORD.finditer(text) if match.start() not in taken]
    found += _months(text)
    if " dot " in text:
        mails = [(*match.span(), _mail(match)) for match in _SPOKEN_MAIL.finditer(text)]
        found = [slip for slip in found if not any(start <= slip[0] < end for start, end, _ in mails)] + mails
    return sorted({slip for slip in found if slip[2] != text[slip[0] : slip[1]]})


def _months(text: str) -> list[tuple[int, int, str]]:
    """(start, end, month) of each month that is misspelt beside its day."""
    found = []
    for match in _MONTH_LIKE.finditer(text):
        word = match[0]
        near = process.extractOne(word, _MONTHS, scorer=OSA.distance, score_cutoff=1 if len(word) < 7 else 2)
        if near and near[0][0] == word[0] and word not in _MEANT and _mended(word) == word:
            found.append((*match.span(), str(near[0])))
    return found


@lru_cache(maxsize=4096)
def _mended(word: str) -> str:
    if word in _MEANT or word in _NEEDED or word in lexicon().vocabulary or singular(word) in lexicon().vocabulary:
        return word
    found = process.extractOne(word, _NEEDED, scorer=OSA.distance, score_cutoff=1 if len(word) < 9 else 2)
    if found is None or found[0][0] != word[0]:
        return word
    swapped = sorted(word) == sorted(found[0])
    return found[0] if swapped or (len(found[0]) > 4 and found[0][-1] == word[-1]) else word
