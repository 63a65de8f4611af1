"""Lab: break the services with sliders; what is saved is used from the next start or retry on."""

from __future__ import annotations

import time
from collections.abc import Callable

import streamlit as st

from core.bootstrap import current_engine
from core.errors import SagalabError
from core.services.faults import PRESETS, SLIDERS, Profile
from pages.shared import charts, ui
from pages.shared.palette import badge, inert
from pages.shared.sliders import ATTEMPTS, Values, fails_for_good, profile_of, values_of

engine = current_engine()
active = engine.profile()
saved = values_of(active)
titles = {service.name: service.title for service in engine.services()}


def show(values: Values) -> None:
    """Set the sliders."""
    st.session_state.update({f"lab_{name}": bool(value) if name == "rule" else value for name, value in values.items()})


def use(make: Callable[[], Profile]) -> None:
    """Save a profile and show it; a refusal is shown in its own words."""
    try:
        profile = engine.save_profile(make())
    except SagalabError as error:
        st.session_state.lab_refusal = str(error)
        return
    show(values_of(profile))
    st.toast(f"'{inert(profile.name)}' is saved as version {profile.version}.", icon=":material/check:")


def chosen() -> Profile:
    """What the sliders say; what is down stays down. Raises ProfileRefused."""
    return profile_of({name: st.session_state[f"lab_{name}"] for name in saved}, still_down())


def still_down() -> dict[str, float]:
    return {service: until for service, until in engine.profile().down_until.items() if until > time.time()}


def take_down() -> Profile:
    down = still_down() | {st.session_state.down_service: time.time() + 60 * st.session_state.down_minutes}
    return engine.profile().model_copy(update={"down_until": down})


def bring_back(service: str) -> Profile:
    down = {name: until for name, until in still_down().items() if name != service}
    return engine.profile().model_copy(update={"down_until": down})


def percent(label: str, name: str, about: str | None = None) -> None:
    """A slider from 0 to 100%."""
    st.slider(label, 0, 100, format="%d%%", key=f"lab_{name}", help=about)


if "lab_rule" not in st.session_state:
    show(saved)
moved = any(st.session_state[f"lab_{name}"] != value for name, value in saved.items())

ui.head("Lab", "Break the services, then run orders. Presets are used at once, sliders when you press Use these.")
with st.container(horizontal=True, gap="xsmall"):
    for name, preset in PRESETS.items():
        mark = ":material/check:" if active.name == name and not moved else None
        st.button(name[0].upper() + name[1:], key=f"preset_{name}", icon=mark, on_click=use, args=(lambda p=preset: p,))
if refusal := st.session_state.pop("lab_refusal", ""):
    ui.callout(refusal)

left, right = st.columns(2, gap="large")
with left:
    st.subheader("How often an attempt fails", anchor=False)
    with st.grid(2, min_column_width=140, gap=("xxsmall", "medium")):
        for service in SLIDERS:
            percent(inert(titles.get(service, service)), service)  # no icon: it would be read out by its name
        percent("Out of stock", "stock", "Only where items are booked; final, so never retried.")
    st.subheader("When it fails, how", anchor=False)
    with st.grid(2, min_column_width=140, gap=("xxsmall", "medium")):
        percent("Answer lost", "lost", "Share of the failures: it happened, but the caller saw a timeout.")
        percent("Too slow", "slow", "Share of the failures: it happens after the caller stopped waiting.")
    st.number_input("Usual latency of a call, ms (median)", 0, 10_000, step=50, key="lab_latency_ms")
    st.toggle("Decline every 4th or 5th charge", key="lab_rule", help="Final for that visit.")
    outage = st.expander("Take a service down for a while", icon=":material/power_off:")
    with outage.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox("Service", SLIDERS, format_func=lambda name: titles.get(name, name), key="down_service", width=220)
        st.number_input("Minutes", 1, 1440, 5, key="down_minutes", width=130)
        st.button("Take down", on_click=use, args=(take_down,))
    for service, until in sorted(still_down().items()):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{badge('failed', 'Down')} {inert(titles.get(service, service))} until {ui.clock(until)}")
            st.button("Bring back", key=f"back_{service}", on_click=use, args=(lambda s=service: bring_back(s),))

rates = {service: st.session_state[f"lab_{service}"] / 100 for service in SLIDERS}
stock = min(st.session_state.lab_stock / 100, 1 - rates["order_creation"])
once = [*rates.values(), rates["order_creation"] + stock]
good = [*map(fails_for_good, rates.values()), fails_for_good(rates["order_creation"], stock)]
with right:
    st.subheader("What retrying is worth", anchor=False)
    names = [f"{titles.get(name, name)}  {rate:.0%}" for name, rate in zip([*SLIDERS, "Booking"], once, strict=True)]
    one = charts.Marks("retrying", "One attempt fails", "circle", [100 * rate for rate in once])
    none = charts.Marks("failed", f"All {ATTEMPTS} attempts fail", "x", [100 * rate for rate in good], "{:.3g}%")
    alt = "Chance that one attempt fails, and that all of a step fail, by service"
    charts.draw(charts.dots(names, [one, none]), "worth", alt, 360, "%")
    st.caption(
        f"Attempts are drawn independently: all {ATTEMPTS} fail with the rate to the power of {ATTEMPTS}. Booking adds "
        "out of stock, which is final at once. The payment rule and downtime come on top. A lost answer is looked up "
        "afterwards, and what happened is kept: then fewer steps fail than shown."
    )

with st.bottom.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
    chip = badge("retrying", "Moved, not in use yet", "tune") if moved else badge("done", "In use")
    st.markdown(f"{chip} Saved: **{inert(active.name)}**, version {active.version}", width="content")
    st.caption("Used from the next start or retry on; runs under way keep theirs.", width="content")
    st.space("stretch")
    st.button("Reset", icon=":material/restart_alt:", disabled=not moved, on_click=show, args=(saved,))
    st.button("Use these", type="primary", icon=":material/check:", disabled=not moved, on_click=use, args=(chosen,))
