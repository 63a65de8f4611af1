"""The lab's sliders and the fault profile that they stand for."""

from __future__ import annotations

from collections.abc import Mapping

from core.models import RetryPolicy
from core.services.faults import SLIDERS, Profile, Rates, make_profile, sliders_of

ATTEMPTS = RetryPolicy().attempts
Values = dict[str, int]  # slider -> its value: chances and shares in percent, latency_ms, rule 1 or 0


def values_of(profile: Profile) -> Values:
    """The sliders that show a profile: one per service, stock, lost, slow, latency_ms, rule."""
    rates, stock = sliders_of(profile)
    some = next((kinds for kinds in profile.rates.values() if kinds.refused + kinds.lost + kinds.slow), Rates())
    total = some.refused + some.lost + some.slow or 1.0
    shares = {"stock": stock, "lost": some.lost / total, "slow": some.slow / total}
    percents = {name: round(100 * share) for name, share in (rates | shares).items()}
    return percents | {"latency_ms": profile.latency_ms, "rule": int(profile.payment_rule)}


def profile_of(values: Mapping[str, int], down_until: dict[str, float]) -> Profile:
    """The profile that the sliders stand for. Raises ProfileRefused."""
    return make_profile(
        "custom",
        {service: values[service] / 100 for service in SLIDERS},
        values["stock"] / 100,
        payment_rule=bool(values["rule"]),
        latency_ms=values["latency_ms"],
        down_until=down_until,
        lost=values["lost"] / 100,
        slow=values["slow"] / 100,
    )


def fails_for_good(rate: float, final: float = 0.0) -> float:
    """The chance that a step has no success: every attempt fails, or one is refused for good.

    `rate` and `final` are chances per attempt, drawn independently.
    """
    return rate**ATTEMPTS + sum(final * rate**earlier for earlier in range(ATTEMPTS))
