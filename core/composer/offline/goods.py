"""Whether a sentence counts things that one buys, so that it is no trip and no service."""

from __future__ import annotations

from core.composer.offline.lexicon import domain_of, knows
from core.composer.offline.nouns import singular
from core.composer.offline.numbers import NUMBER
from core.composer.offline.patterns import rx

_COUNTED = rx(rf"(?:{NUMBER}|\ban?)\s(?P<name>[a-z][\w'-]*(?:\s[a-z][\w'-]*){{0,2}})")

# 'I've got a flat tyre', 'there's a hole': what there is, not what is bought.
_OWNED = rx(r"(?:'ve got|\bhave(?: got)?|\bhas|\bhad|\bthere's|\bthere is|\bare|\bgot|\bof|\bis)\s\Z")


def has_goods(rest: str) -> bool:
    """Whether things are counted that one buys."""
    for match in _COUNTED.finditer(rest):
        if match["name"].startswith("wheel drive") or _OWNED.search(rest[max(0, match.start() - 20) : match.start()]):
            continue
        words = match["name"].lower().split()
        for many in range(len(words), 0, -1):
            name = " ".join(words[:many])
            if knows(name):
                if domain_of(name) not in ("travel", "services") and singular(words[many - 1]) not in _NO_GOODS:
                    return True
                break
    return False


_NO_GOODS = set(
    """
    seat ticket passenger adult car van suv bus coach bike bicycle dog cat suitcase bag child kid baby room bed berth
    cabin minivan truck sedan ferry flight train connection villa cottage apartment condo lodge chalet house lift ride
    boat plane pass single return way couple party window aisle place family group table luggage convertible
    """.split()
)
