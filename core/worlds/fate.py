"""What meets one attempt when it reaches its service: the same in every world that draws its faults itself."""

from __future__ import annotations

from typing import NamedTuple

from core.models import Call
from core.services.faults import LATE, Profile, draw

LATEST_S = 60.0  # a slow effect happens at most this long after its timeout


class Fate(NamedTuple):
    """code: refused at once. happens: it takes effect now, unless `refusal` is its final no.

    heard: the caller is told; otherwise it waits until the call timeout. late_s: seconds after that timeout at
    which the effect happens, None where it does not happen late.
    """

    code: str | None = None
    happens: bool = True
    heard: bool = True
    late_s: float | None = None
    refusal: str | None = None


FATES = {
    "ok": Fate(),
    "refused": Fate("unavailable", happens=False),
    "down": Fate("down", happens=False),
    "final": Fate(refusal="out_of_stock"),
    "lost": Fate(heard=False),
}
UNHEARD = Fate(happens=False, heard=False)


def fate_of(profile: Profile, fault_seed: int, call: Call, now: float, pure: bool) -> Fate:
    """What the profile draws for an attempt at `now` (Unix seconds). A pure action has no effect to happen unheard."""
    band = profile.band(fault_seed, call, now)
    if pure and band in ("lost", "slow"):
        return UNHEARD
    if band == "slow":
        return Fate(happens=False, heard=False, late_s=draw(fault_seed, call, LATE) * LATEST_S)
    return FATES[band]
