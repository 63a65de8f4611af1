"""The lab: sliders that are saved as a profile, presets that apply at once, what retrying is worth."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.bootstrap import adopt
from core.errors import EngineBusy, ProfileRefused
from core.services.faults import PRESETS, SLIDERS, Profile, Rates, make_profile
from pages.shared.sliders import ATTEMPTS, fails_for_good, profile_of, values_of
from tests.pages.fakes import FakeEngine

ROUTER = "../../pages/router.py"


@pytest.fixture
def engine() -> Iterator[FakeEngine]:
    fake = FakeEngine.many(3)
    adopt(fake)  # type: ignore[arg-type]
    yield fake
    adopt(None)


def lab() -> AppTest:
    app = AppTest.from_file(ROUTER, default_timeout=30).run().switch_page("lab.py").run()
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def is_off(app: AppTest, label: str) -> bool:
    return next(bool(button.disabled) for button in app.button if button.label == label)


def bottom(app: AppTest) -> str:
    return next(element.value for element in app.markdown if "version" in element.value)


def worth(app: AppTest) -> dict[str, list[float]]:
    figure: dict[str, Any] = json.loads(app.get("plotly_chart")[0].proto.spec)
    return {trace["name"]: trace["x"] for trace in figure["data"] if "markers" in trace["mode"]}


def saved(engine: FakeEngine) -> list[Profile]:
    return [call[1] for call in engine.calls if call[0] == "save_profile"]


def test_the_sliders_have_names_that_can_be_read_out(engine: FakeEngine) -> None:
    names = [slider.label for slider in lab().slider]
    assert "Out of stock" in names and len(names) == len(SLIDERS) + 3
    assert not [name for name in names if ":material" in name]


def test_the_sliders_show_the_profile_in_use(engine: FakeEngine) -> None:
    app = lab()
    assert app.slider("lab_email_notification").value == 15
    assert app.slider("lab_stock").value == 5
    assert app.toggle("lab_rule").value is True
    assert app.number_input("lab_latency_ms").value == 400
    assert "In use" in bottom(app) and "version 1" in bottom(app)
    assert is_off(app, "Use these") and is_off(app, "Reset")


def test_moved_sliders_are_used_only_when_asked(engine: FakeEngine) -> None:
    app = lab()
    app.slider("lab_shipping_confirmation").set_value(100)
    app.toggle("lab_rule").set_value(False).run()
    assert "not in use yet" in bottom(app)
    assert not saved(engine)
    press(app, "Use these")
    (profile,) = saved(engine)
    assert profile.rates["shipping_confirmation.confirm"].refused == 1.0
    assert profile.rates["email_notification.send"].refused == 0.15
    assert not profile.payment_rule
    assert "In use" in bottom(app) and "version 2" in bottom(app) and "custom" in bottom(app)
    assert any("version 2" in toast.value for toast in app.toast)


def test_reset_brings_the_saved_sliders_back(engine: FakeEngine) -> None:
    app = lab()
    app.slider("lab_sms_notification").set_value(77).run()
    press(app, "Reset")
    assert app.slider("lab_sms_notification").value == 12
    assert not saved(engine)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_used_at_once(engine: FakeEngine, name: str) -> None:
    app = press(lab(), name[0].upper() + name[1:])
    assert saved(engine) == [PRESETS[name]]
    assert {service: app.slider(f"lab_{service}").value for service in SLIDERS} == {
        service: values_of(PRESETS[name])[service] for service in SLIDERS
    }
    assert "In use" in bottom(app)


def test_a_profile_saved_elsewhere_is_noticed(engine: FakeEngine) -> None:
    app = lab()
    engine.save_profile(PRESETS["payment outage"])
    app.run()
    assert "not in use yet" in bottom(app) and "payment outage" in bottom(app)


@pytest.mark.parametrize(
    "refusal",
    [ProfileRefused("lost", "The slider 'lost' is out of its bounds."), EngineBusy("The disk is full. Make room.")],
)
def test_a_refusal_is_a_sentence_and_keeps_the_sliders(engine: FakeEngine, refusal: Exception) -> None:
    app = lab()
    app.slider("lab_sms_notification").set_value(77).run()
    engine.refusal = refusal  # type: ignore[assignment]
    press(app, "Use these")
    assert len(app.error) == 1
    assert app.slider("lab_sms_notification").value == 77
    assert "version 1" in bottom(app)


def test_shares_that_add_up_to_more_than_all_are_refused(engine: FakeEngine) -> None:
    app = lab()
    app.slider("lab_lost").set_value(80)
    app.slider("lab_slow").set_value(30).run()
    press(app, "Use these")
    assert len(app.error) == 1
    assert not saved(engine)


def test_a_service_can_be_taken_down_and_brought_back(engine: FakeEngine) -> None:
    app = lab()
    app.selectbox("down_service").select("email_notification")
    app.number_input("down_minutes").set_value(30).run()
    press(app, "Take down")
    down = saved(engine)[-1].down_until
    assert set(down) == {"email_notification"}
    assert down["email_notification"] == pytest.approx(time.time() + 1800, abs=60)
    assert any("until" in line.value for line in app.markdown)
    press(app, "Bring back")
    assert saved(engine)[-1].down_until == {}


def test_what_is_down_stays_down_when_sliders_are_saved(engine: FakeEngine) -> None:
    later = time.time() + 9e5
    down = {"sms_notification": later, "email_notification": 1.0}
    engine.active = engine.active.model_copy(update={"down_until": down})
    app = lab()
    app.slider("lab_stock").set_value(50).run()
    press(app, "Use these")
    assert saved(engine)[-1].down_until == {"sms_notification": later}


def test_the_chart_shows_one_attempt_and_all_of_them(engine: FakeEngine) -> None:
    app = lab()
    app.slider("lab_email_notification").set_value(50).run()
    chances = worth(app)
    place = list(SLIDERS).index("email_notification")
    assert chances["One attempt fails"][place] == pytest.approx(50)
    assert chances[f"All {ATTEMPTS} attempts fail"][place] == pytest.approx(12.5)
    assert chances["One attempt fails"][-1] == pytest.approx(15)
    assert chances[f"All {ATTEMPTS} attempts fail"][-1] == pytest.approx(100 * (0.001 + 0.05 * 1.11))


def test_names_in_the_profile_stay_text(engine: FakeEngine) -> None:
    engine.active = engine.active.model_copy(update={"name": "[x](http://evil.example) :smile:"})
    assert "](http" not in bottom(lab())


def test_a_step_fails_for_good_by_all_attempts_or_one_that_is_final() -> None:
    assert fails_for_good(0.5) == pytest.approx(0.5**3)
    assert fails_for_good(0.0, 0.2) == pytest.approx(0.2)
    assert fails_for_good(0.8, 0.2) == pytest.approx(1.0)
    assert fails_for_good(0.0) == 0.0


@pytest.mark.parametrize("name", PRESETS)
def test_sliders_stand_for_the_profile_that_they_show(name: str) -> None:
    preset = PRESETS[name]
    again = profile_of(values_of(preset), preset.down_until)
    assert again.model_dump(exclude={"name"}) == preset.model_dump(exclude={"name"})


def test_a_profile_without_faults_shows_zeros() -> None:
    values = values_of(make_profile("none", dict.fromkeys(SLIDERS, 0.0), payment_rule=False, latency_ms=0))
    assert set(values.values()) == {0}


def test_shares_of_the_kinds_are_read_from_any_service_that_fails() -> None:
    profile = Profile(rates={"sms_notification.send": Rates(refused=0.2, lost=0.2)})
    assert (values_of(profile)["lost"], values_of(profile)["slow"]) == (50, 0)
