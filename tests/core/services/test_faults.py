"""Keyed draws, the faults that they mean, and the sliders that set them."""

from __future__ import annotations

import math
from collections import Counter
from statistics import correlation, median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.errors import ProfileRefused
from core.models import Call
from core.services.faults import (
    BOOK,
    DEFAULT_PROFILE,
    FAULT,
    GOLDEN,
    LATE,
    LATENCY,
    MASK,
    PRESETS,
    SEED_RATES,
    SLIDERS,
    Profile,
    Rates,
    draw,
    make_profile,
    mix,
    sliders_of,
)
from core.services.rates import RateSource
from core.services.registry import default_registry

NOW = 1_795_500_000.0
SEED = 0x0123456789ABCDEF
CALL = Call("r1", "email", "email_notification.send", "do", 1, 1, 1, ())
CHARGE = CALL._replace(action="payment_processing.charge", step="charge")
SHARES = st.floats(0, 1)


# Draws


def test_the_mix_is_splitmix64():
    assert mix(GOLDEN) == 0xE220A8397B1DCDAF
    assert [mix(n * GOLDEN & MASK) for n in (1, 2, 3)] == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]
    assert [mix(1234567 + n * GOLDEN & MASK) for n in (1, 2)] == [6457827717110365317, 3203168211198807973]


def test_draws_do_not_change_between_versions_so_that_old_runs_can_be_replayed():
    drawn = [draw(SEED, CALL._replace(attempt=attempt), purpose) for attempt in (1, 2) for purpose in (FAULT, LATENCY)]
    assert drawn == [0.1757999662753288, 0.7187038725391238, 0.656467679210901, 0.10509561205337914]


OTHERS: list[dict[str, Any]] = [
    {"step": "sms"}, {"direction": "undo"}, {"edition": 2}, {"visit": 2}, {"attempt": 2}, {"edition": 2, "visit": 2}
]  # fmt: skip


@pytest.mark.parametrize("other", OTHERS, ids=str)
def test_another_place_draws_another_number(other):
    assert draw(SEED, CALL._replace(**other), FAULT) != draw(SEED, CALL, FAULT)


def test_another_seed_or_purpose_draws_another_number_and_nothing_else_matters():
    drawn = {draw(SEED, CALL, FAULT), draw(SEED + 1, CALL, FAULT), draw(SEED, CALL, LATENCY), draw(SEED, CALL, LATE)}
    assert len(drawn) == 4
    same = CALL._replace(run="r2", action="sms_notification.send", params=(("kind", "notice"),))
    assert draw(SEED, same, FAULT) == draw(SEED, CALL, FAULT)


@given(
    st.integers(0, MASK),
    st.text(max_size=40),
    st.integers(1, 300),
    st.integers(1, 300),
    st.integers(1, 300),
    st.sampled_from([FAULT, LATENCY, LATE]),
)
def test_every_draw_is_at_least_0_and_below_1(seed, step, edition, visit, attempt, purpose):
    call = CALL._replace(step=step, edition=edition, visit=visit, attempt=attempt)
    assert 0.0 <= draw(seed, call, purpose) < 1.0


def test_the_greatest_number_that_can_be_drawn_is_below_1():
    assert ((MASK >> 11) * 2.0**-53) < 1.0


def draws_by(what: str, count: int = 20_000) -> list[float]:
    """Draws that differ in one thing only."""
    if what == "seed":
        return [draw(seed, CALL, FAULT) for seed in range(count)]
    if what == "mixed seed":
        return [draw(mix(seed), CALL, FAULT) for seed in range(count)]
    return [draw(SEED, CALL._replace(step=f"step{n}"), FAULT) for n in range(count)]


@pytest.mark.parametrize("what", ["seed", "mixed seed", "step"])
def test_draws_are_uniform(what):
    drawn, bins = draws_by(what), 50
    counts = Counter(int(u * bins) for u in drawn)
    expected = len(drawn) / bins
    chi_square = sum((counts[bin] - expected) ** 2 / expected for bin in range(bins))
    assert chi_square < 100  # 49 degrees of freedom: 1 in 40,000
    assert abs(sum(drawn) / len(drawn) - 0.5) < 0.01


@pytest.mark.parametrize("other", [*OTHERS, {}], ids=str)
def test_draws_of_two_places_or_purposes_have_nothing_to_do_with_each_other(other):
    seeds = [mix(n) for n in range(5000)]
    first = [draw(seed, CALL, FAULT) for seed in seeds]
    second = [draw(seed, CALL._replace(**other), FAULT if other else LATENCY) for seed in seeds]
    assert abs(correlation(first, second)) < 0.06


# Bands


def test_a_draw_falls_into_the_band_of_its_fault():
    rates = Rates(refused=0.25, final=0.125, lost=0.5, slow=0.0625)
    ends = {0.0: "refused", 0.2499: "refused", 0.25: "final", 0.3749: "final", 0.375: "lost", 0.8749: "lost"}
    ends |= {0.875: "slow", 0.9374: "slow", 0.9375: "ok", 0.9999: "ok"}
    assert {u: rates.band(u) for u in ends} == ends


def test_the_certain_and_the_impossible():
    us = [0.0, 1e-12, 0.5, 1 - 2**-53]
    assert {Rates().band(u) for u in us} == {"ok"}
    for kind in ("refused", "final", "lost", "slow"):
        assert {Rates(**{kind: 1.0}).band(u) for u in us} == {kind}


def test_faults_come_as_often_as_their_chances_say():
    wanted = {"refused": 0.1, "final": 0.05, "lost": 0.03, "slow": 0.02, "ok": 0.8}
    rates = Rates(**{kind: chance for kind, chance in wanted.items() if kind != "ok"})
    profile = Profile(rates={CALL.action: rates})
    counts = Counter(profile.band(mix(seed), CALL, NOW) for seed in range(20_000))
    for kind, chance in wanted.items():
        assert abs(counts[kind] / 20_000 - chance) < 5 * math.sqrt(chance * (1 - chance) / 20_000)


@pytest.mark.parametrize(
    "chances", [{"refused": 1.01}, {"lost": -0.01}, {"slow": float("nan")}, {"refused": 0.6, "lost": 0.5}, {"odd": 0.1}]
)
def test_chances_that_can_not_be_are_refused(chances):
    with pytest.raises(ValidationError):
        Rates(**chances)


def test_chances_that_add_up_to_one_are_fine_whatever_the_rounding():
    tenths = 0.1 + 0.1 + 0.1  # 0.30000000000000004
    assert Rates(refused=tenths, final=0.2, lost=0.4, slow=0.1).band(0.99999) == "slow"


# Profiles


def test_closing_a_key_is_never_faulted():
    profile = Profile(rates={CALL.action: Rates(refused=1)}, down_until={CALL.service: NOW + 60})
    assert profile.band(SEED, CALL._replace(direction="close"), NOW) == "ok"
    assert profile.band(SEED, CALL, NOW) == "down"


def test_a_service_is_down_until_its_time_and_no_other_is():
    profile = Profile(down_until={CALL.service: NOW})
    assert [profile.band(SEED, CALL, NOW + late_s) for late_s in (-0.001, 0.0)] == ["down", "ok"]
    assert profile.band(SEED, CHARGE, NOW - 1) == "ok"


def test_an_undo_has_chances_of_its_own():
    refund = CHARGE._replace(action="payment_processing.refund", direction="undo")
    outage = Profile(rates={CHARGE.action: Rates(refused=1)})
    assert outage.band(SEED, refund, NOW) == "ok"
    stuck = Profile(rates={refund.action: Rates(refused=1)})
    assert (stuck.band(SEED, refund, NOW), stuck.band(SEED, CHARGE, NOW)) == ("refused", "ok")


def test_latency_is_log_normal_around_its_median_and_cut_at_the_timeout():
    profile = Profile(latency_ms=400, call_timeout_s=1.0)
    waits = [profile.latency_s(mix(seed), CALL) for seed in range(5000)]
    assert 0.38 < median(waits) < 0.42
    assert 0.02 < min(waits) < 0.15
    assert max(waits) == 1.0
    assert 0.02 < waits.count(1.0) / 5000 < 0.05  # a median of 0.4 exceeds 1.0 in 3.3%
    assert Profile(latency_ms=0).latency_s(SEED, CALL) == 0.0


@pytest.mark.parametrize(
    "field",
    [{"latency_ms": -1}, {"latency_ms": 10_001}, {"call_timeout_s": 0}, {"call_timeout_s": 61}, {"name": ""},
     {"name": "x" * 61}, {"down_until": {"sms_notification": -1}}, {"down_until": {"sms_notification": math.inf}},
     {"rates": {"a.b": {"refused": 2}}}],
)  # fmt: skip
def test_a_profile_out_of_its_bounds_is_refused(field):
    with pytest.raises(ValidationError):
        Profile(**field)


def test_a_profile_is_frozen_and_comes_back_from_its_json():
    with pytest.raises(ValidationError):
        DEFAULT_PROFILE.latency_ms = 1
    assert Profile.model_validate_json(DEFAULT_PROFILE.model_dump_json()) == DEFAULT_PROFILE


# Sliders


def test_every_service_has_a_slider_over_all_that_it_does_but_analyse():
    registry = default_registry(RateSource(live=False))
    actions = {
        service.name: {f"{service.name}.{name}" for name in service.actions} for service in registry.services.values()
    }
    actions["order_creation"].remove("order_creation.analyse")
    assert {service: set(names) for service, names in SLIDERS.items()} == actions
    assert {service.name: service.default_rate for service in registry.services.values()} == SEED_RATES


def test_the_default_has_the_rates_of_the_services_and_the_payment_rule():
    assert DEFAULT_PROFILE is PRESETS["the seed's rates"]
    assert sliders_of(DEFAULT_PROFILE) == (pytest.approx(SEED_RATES), 0.05)
    assert (DEFAULT_PROFILE.payment_rule, DEFAULT_PROFILE.latency_ms, DEFAULT_PROFILE.call_timeout_s) == (
        True,
        400,
        5.0,
    )
    assert DEFAULT_PROFILE.rates["order_creation.create"] == Rates(refused=0.1)
    assert DEFAULT_PROFILE.rates[BOOK] == Rates(refused=0.1, final=0.05)
    assert "order_creation.analyse" not in DEFAULT_PROFILE.rates
    assert not any(name.endswith((".refund", ".cancel", ".release", ".reverse")) for name in DEFAULT_PROFILE.rates)


def test_the_presets_are_what_they_are_called():
    assert list(PRESETS) == ["the seed's rates", "calm", "payment outage", "everything flaky"]
    assert all(preset.name == name and preset.version == 0 for name, preset in PRESETS.items())
    calm = PRESETS["calm"]
    assert (calm.rates, calm.payment_rule) == ({}, False)
    outage = PRESETS["payment outage"]
    assert {outage.rates[action] for action in SLIDERS["payment_processing"]} == {Rates(refused=1)}
    assert sliders_of(outage)[0] == pytest.approx(SEED_RATES | {"payment_processing": 1.0})
    flaky = PRESETS["everything flaky"]
    assert sliders_of(flaky)[0] == pytest.approx(dict.fromkeys(SLIDERS, 0.4))
    for rates in flaky.rates.values():
        assert (rates.refused, rates.lost, rates.slow) == pytest.approx((0.28, 0.08, 0.04))


@given(st.fixed_dictionaries(dict.fromkeys(SLIDERS, SHARES)), SHARES, SHARES, SHARES)
def test_sliders_come_back_from_the_profile_that_they_made(services, out_of_stock, lost, slow):
    lost, slow = lost / 2, slow / 2
    profile = make_profile("mine", services, out_of_stock, lost=lost, slow=slow)
    found, stock = sliders_of(profile)
    assert found == pytest.approx(services, abs=1e-9)
    assert stock == pytest.approx(min(out_of_stock, 1 - services["order_creation"]))  # both in one draw
    for service, rate in services.items():
        for action in SLIDERS[service]:
            rates = profile.rates.get(action, Rates())
            assert (rates.lost, rates.slow) == pytest.approx((rate * lost, rate * slow))


def test_all_failures_may_be_lost_or_slow_in_every_split_of_a_hundred():
    for percent in range(101):
        lost, slow = percent / 100, (100 - percent) / 100
        profile = make_profile("mine", {"sms_notification": 1.0}, lost=lost, slow=slow)
        rates = profile.rates["sms_notification.send"]
        assert (rates.refused, rates.lost, rates.slow) == pytest.approx((0, lost, slow), abs=1e-9)


def test_a_slider_that_is_left_out_stands_at_0():
    profile = make_profile("mine", {"sms_notification": 0.5}, 0.25)
    assert profile.rates == {"sms_notification.send": Rates(refused=0.5), BOOK: Rates(final=0.25)}
    assert sliders_of(profile) == (dict.fromkeys(SLIDERS, 0.0) | {"sms_notification": 0.5}, 0.25)


@pytest.mark.parametrize("value", [-0.01, 1.01, math.nan, math.inf])
@pytest.mark.parametrize("slider", ["email_notification", "order_creation", "out_of_stock", "lost", "slow"])
def test_a_slider_out_of_its_bounds_is_refused_by_its_name(slider, value):
    services = {slider: value} if slider in SLIDERS else {"email_notification": 0.1}
    others = {} if slider in SLIDERS else {slider: value}
    with pytest.raises(ProfileRefused, match=slider) as refused:
        make_profile("mine", services, **others)
    assert refused.value.field == slider


def test_shares_of_more_than_all_failures_are_refused():
    with pytest.raises(ProfileRefused, match="lost") as refused:
        make_profile("mine", {"email_notification": 0.1}, lost=0.6, slow=0.6)
    assert refused.value.field == "lost"


@pytest.mark.parametrize(
    ("field", "value"), [("latency_ms", -1), ("latency_ms", 10_001), ("down_until", {"sms_notification": -1.0})]
)
def test_what_else_a_profile_refuses_is_refused_by_its_name(field, value):
    with pytest.raises(ProfileRefused, match=field) as refused:
        make_profile("mine", {}, **{field: value})
    assert refused.value.field.split(".")[0] == field


def test_an_unknown_service_is_refused_with_those_that_there_are():
    with pytest.raises(ProfileRefused, match="no service 'pigeon_post'") as refused:
        make_profile("mine", {"pigeon_post": 0.1})
    assert refused.value.field == "pigeon_post"
    assert all(service in str(refused.value) for service in SLIDERS)
