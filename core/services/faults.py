"""Fault profiles, and the keyed draws that turn them into faults.

Draws are splitmix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014;
the finaliser is Vigna's) over a run's stored fault seed and the place of the call: any run can be replayed.
"""

from __future__ import annotations

import math
from functools import cached_property, lru_cache
from statistics import NormalDist
from typing import Annotated, Literal
from zlib import crc32

from pydantic import Field, ValidationError, model_validator

from core.errors import ProfileRefused
from core.models import Call, Model

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
FAULT, LATENCY, LATE = 0, 1, 2
SIGMA = 0.5
Rate = Annotated[float, Field(ge=0, le=1)]
Band = Literal["ok", "refused", "final", "lost", "slow"]


def mix(z: int) -> int:
    """Vigna's splitmix64 finaliser of a 64-bit number."""
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK
    return z ^ (z >> 31)


@lru_cache(maxsize=65536)
def salt(step: str, direction: str, edition: int, visit: int, attempt: int, purpose: int) -> int:
    """64 bits for one draw: a crc of the words, the counters below it, spread by the mix itself."""
    word = crc32(f"{step}/{direction}".encode()) << 32 | edition << 24 | visit << 16 | attempt << 8 | purpose
    return mix(word * GOLDEN & MASK)


def draw(fault_seed: int, call: Call, purpose: int) -> float:
    """A uniform number in [0, 1) that depends on nothing but its arguments."""
    _, step, _, direction, edition, visit, attempt, _ = call
    return (mix(fault_seed ^ salt(step, direction, edition, visit, attempt, purpose)) >> 11) * 2.0**-53


class Rates(Model):
    """Chances per attempt, together at most 1.

    refused: no effect. final: refused for good (only `book`: out of stock). lost: the effect happens, the
    caller times out. slow: the caller times out, the effect happens later.
    """

    refused: Rate = 0.0
    final: Rate = 0.0
    lost: Rate = 0.0
    slow: Rate = 0.0

    @model_validator(mode="after")
    def _at_most_one(self) -> Rates:
        if self.refused + self.final + self.lost + self.slow > 1 + 1e-9:
            raise ValueError("the chances of all kinds of fault add up to more than 100%")
        return self

    @cached_property
    def chances(self) -> tuple[tuple[Band, float], ...]:
        """The kinds of fault in the order in which a draw meets them."""
        return ("refused", self.refused), ("final", self.final), ("lost", self.lost), ("slow", self.slow)

    def band(self, u: float) -> Band:
        """What a uniform draw `u` means under these chances."""
        for name, chance in self.chances:
            if u < chance:
                return name
            u -= chance
        return "ok"


class Profile(Model):
    """How the services fail. Versions are immutable; 0 is not saved yet.

    rates: 'service.action' -> chances, undo actions included. down_until: service -> Unix seconds until which
    it refuses every call. latency_ms: median of a log-normal; 0 for none.
    """

    version: int = 0
    name: Annotated[str, Field(min_length=1, max_length=60)] = "custom"
    rates: dict[str, Rates] = {}
    payment_rule: bool = True
    latency_ms: Annotated[int, Field(ge=0, le=10_000)] = 400
    call_timeout_s: Annotated[float, Field(gt=0, le=60)] = 5.0
    down_until: dict[str, Annotated[float, Field(ge=0)]] = {}

    def band(self, fault_seed: int, call: Call, now: float) -> Band | Literal["down"]:
        """Which fault meets this call at `now` (Unix seconds). Looking up a key (close) is never faulted."""
        if call.direction == "close":
            return "ok"
        if self.down_until and now < self.down_until.get(call.service, 0.0):
            return "down"
        rates = self.rates.get(call.action)
        return rates.band(draw(fault_seed, call, FAULT)) if rates else "ok"

    def latency_s(self, fault_seed: int, call: Call) -> float:
        """Seconds until the service acts, cut at the call timeout."""
        if not self.latency_ms:
            return 0.0
        u = draw(fault_seed, call, LATENCY) or 0.5
        return min(self.latency_ms / 1000 * math.exp(SIGMA * _inverse(u)), self.call_timeout_s)


_inverse = NormalDist().inv_cdf

# What each service's slider sets: its do actions (`book` has one of its own).
SLIDERS: dict[str, tuple[str, ...]] = {
    "order_creation": ("order_creation.create", "order_creation.book", "order_creation.find_alternative"),
    "payment_processing": (
        "payment_processing.charge",
        "payment_processing.debit_wallet",
        "payment_processing.credit_wallet",
    ),
    "currency_conversion": ("currency_conversion.convert",),
    "email_notification": ("email_notification.send",),
    "shipping_confirmation": ("shipping_confirmation.confirm",),
    "call_center_trigger": ("call_center_trigger.open_ticket",),
    "sms_notification": ("sms_notification.send",),
}
BOOK = "order_creation.book"
SEED_RATES = {
    "order_creation": 0.10,
    "payment_processing": 0.0,
    "currency_conversion": 0.10,
    "email_notification": 0.15,
    "shipping_confirmation": 0.10,
    "call_center_trigger": 0.05,
    "sms_notification": 0.12,
}


def make_profile(
    name: str,
    services: dict[str, float],
    out_of_stock: float = 0.0,
    *,
    payment_rule: bool = True,
    latency_ms: int = 400,
    down_until: dict[str, float] | None = None,
    lost: float = 0.0,
    slow: float = 0.0,
) -> Profile:
    """A profile from its sliders: service -> chance of refusal, `book`'s own chance of out of stock.

    `lost` and `slow` are shares of each service's failures that become that kind. Raises ProfileRefused.
    """
    unknown = set(services) - set(SLIDERS)
    if unknown:
        raise ProfileRefused(min(unknown), f"There is no service '{min(unknown)}'. Services: {', '.join(SLIDERS)}.")
    for slider, value in (*services.items(), ("out_of_stock", out_of_stock), ("lost", lost), ("slow", slow)):
        if not 0 <= value <= 1:
            raise ProfileRefused(slider, f"The slider '{slider}' is out of its bounds: choose a share between 0 and 1.")
    if lost + slow > 1:
        raise ProfileRefused(
            "lost", "The sliders 'lost' and 'slow' are shares of the same failures: together at most 1."
        )
    rates: dict[str, Rates] = {}
    for service, actions in SLIDERS.items():
        rate = services.get(service, 0.0)
        failing = {"refused": rate * max(1 - lost - slow, 0.0), "lost": rate * lost, "slow": rate * slow}
        for action in actions:
            final = min(out_of_stock, 1 - rate) if action == BOOK else 0.0
            if rate or final:
                rates[action] = Rates(**failing, final=final)
    try:
        return Profile(
            name=name, rates=rates, payment_rule=payment_rule, latency_ms=latency_ms, down_until=down_until or {}
        )
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise ProfileRefused(field, f"The slider '{field}' is out of its bounds: {first['msg']}.") from error


def sliders_of(profile: Profile) -> tuple[dict[str, float], float]:
    """The slider of each service and of `book` that would make this profile (inverse of `make_profile`)."""
    found = {}
    for service, actions in SLIDERS.items():
        rates = profile.rates.get(actions[0], Rates())
        found[service] = rates.refused + rates.lost + rates.slow
    return found, profile.rates.get(BOOK, Rates()).final


PRESETS: dict[str, Profile] = {
    "the seed's rates": make_profile("the seed's rates", SEED_RATES, 0.05),
    "calm": make_profile("calm", dict.fromkeys(SLIDERS, 0.0), payment_rule=False),
    "payment outage": make_profile("payment outage", SEED_RATES | {"payment_processing": 1.0}, 0.05),
    "everything flaky": make_profile("everything flaky", dict.fromkeys(SLIDERS, 0.4), 0.2, lost=0.2, slow=0.1),
}
DEFAULT_PROFILE = PRESETS["the seed's rates"]
