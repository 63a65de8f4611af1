"""Things that are named only to be left out: 'neither a desk nor a lamp', 'anything but chairs', "I don't want ...".

What is left out is shown as ignored; where nothing else is named, the refusal says why.
"""

from __future__ import annotations

from core.composer.offline.patterns import rx
from core.composer.offline.text import Draft

_BUT = r"(?:but|just|only|instead|rather|please|order|though|although|however)\b"
_REST = rf"(?:(?!\b{_BUT})[^,.;!?\n]){{1,80}}"
NEITHER = rx(
    rf"\bneither\s(?:(?!\b{_BUT})[^,.;!?\n]){{1,80}}?,?\s(?:nor|or)\s{_REST}(?:,?\s(?:nor|or)\s{_REST})*|\bneither\sof\s{_REST}"
)
ALL_BUT = rx(
    r"\b(?:anything|everything|whatever|something|all|any\s(?!day|time|date)[\w-]+)(?:\selse)?\s(?:you\s(?:have|like|want)\s)?"
    rf"(?:but|except(?:\sfor)?|excluding|other\sthan|apart\sfrom|besides|save\sfor)\s{_REST}",
    words="all any everything something whatever",
)
NOTHING_BUT = rx(r"\bnothing\s(?:else\s)?(?:but|except|other\sthan)\s")
# "I don't need a desk | , a lamp or a chair": a list ends with 'or'.
MORE_OF_THEM = rx(
    rf"(?:,\s?(?!{_BUT}|(?:i|we|you|please|get|buy|book|send)\b)[^,.;!?\n]{{1,40}}){{0,8}}?,?\s?\b(?:or|nor)\s{_REST}"
)
_DECLINED = rx(
    r"\b(?:do not|don't|dont|never|no longer|didn't|won't)\s(?:[\w']+\s){0,2}?(?:want|need|order|buy|book|get|like)\b"
)
# What may be declined and is no thing: messages, delivery, who pays.
_FIELDS = rx(
    r"\b(?:e-?mail\w*|call\w*|text(?:s|ing)?|sms|by|via|notif\w*|overnight|express|standard|shipping|delivery|wallets?"
    r"|(?:business|first|economy)\sclass)\b"
)


def skip_unwanted(draft: Draft) -> None:
    """Leave out what is named in 'neither ... nor' and 'anything but'; fields are read elsewhere.

    'Nothing but' is no more than 'only'.
    """
    for match in NOTHING_BUT.finditer(draft.rest):
        draft.claim(*match.span())
    for pattern in (NEITHER, ALL_BUT):
        for match in pattern.finditer(draft.rest):
            if not _FIELDS.search(match[0]):
                draft.skip(*match.span())


def is_only_unwanted(text: str) -> bool:
    """Whether a text in which no order was found names things that are not wanted."""
    return any(pattern.search(text) for pattern in (NEITHER, ALL_BUT, _DECLINED))
