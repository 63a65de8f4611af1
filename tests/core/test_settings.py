from __future__ import annotations

import traceback

import pytest
from pydantic import ValidationError

from core.errors import SagalabError, SettingsRefused
from core.settings import MUST_BE, PREFIX, Settings, read_settings

SECRET = "hunter2"


def test_without_any_variable_the_defaults_hold():
    settings = read_settings({"PATH": "/bin", "HOME": "/root"})
    assert settings == Settings()
    assert settings.database_url == "sqlite:///data/sagalab.db"
    assert settings.live_rates is True
    assert settings.max_open_runs == 10_000
    assert settings.parser == "offline"


def test_each_variable_sets_its_field():
    settings = read_settings(
        {
            "SAGALAB_DATABASE_URL": "sqlite:////tmp/x.db",
            "SAGALAB_LIVE_RATES": "0",
            "SAGALAB_MAX_OPEN_RUNS": "7",
            "SAGALAB_PARSER": "groq",
        }
    )
    assert settings == Settings(database_url="sqlite:////tmp/x.db", live_rates=False, max_open_runs=7, parser="groq")


@pytest.mark.parametrize(
    ("environ", "parser"),
    [
        ({"GROQ_API_KEY": SECRET}, "groq"),
        ({"GROQ_BASE_URL": "http://127.0.0.1:8080/v1"}, "groq"),
        ({"GROQ_API_KEY": " ", "GROQ_BASE_URL": "", "GROQ_MODEL": "qwen3"}, "offline"),
        ({"GROQ_API_KEY": SECRET, "SAGALAB_PARSER": "offline"}, "offline"),
        ({"SAGALAB_PARSER": "groq"}, "groq"),
    ],
)
def test_a_key_or_a_server_chooses_the_parser_unless_it_is_named(environ, parser):
    settings = read_settings(environ)
    assert settings.parser == parser
    assert SECRET not in repr(settings)


def test_the_process_environment_is_read_when_none_is_given(monkeypatch):
    monkeypatch.setenv("SAGALAB_MAX_OPEN_RUNS", "12")
    assert read_settings().max_open_runs == 12


@pytest.mark.parametrize("name", ["SAGALAB_DATABSE_URL", "SAGALAB_", "sagalab_live_rates", "Sagalab_Port"])
def test_an_unknown_name_is_refused_with_the_names_that_exist(name):
    with pytest.raises(SettingsRefused) as refused:
        read_settings({name: SECRET})
    assert refused.value.key == name
    assert name in str(refused.value)
    assert all(PREFIX + field.upper() in str(refused.value) for field in Settings.model_fields)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SAGALAB_DATABASE_URL", ""),
        ("SAGALAB_DATABASE_URL", SECRET),
        ("SAGALAB_DATABASE_URL", f"postgresql://me:{SECRET}@host:port/db"),
        ("SAGALAB_LIVE_RATES", ""),
        ("SAGALAB_LIVE_RATES", f"maybe {SECRET}"),
        ("SAGALAB_MAX_OPEN_RUNS", "0"),
        ("SAGALAB_MAX_OPEN_RUNS", "-3"),
        ("SAGALAB_MAX_OPEN_RUNS", "1.5"),
        ("SAGALAB_MAX_OPEN_RUNS", "1000001"),
        ("SAGALAB_MAX_OPEN_RUNS", f"{SECRET}"),
        ("SAGALAB_PARSER", ""),
        ("SAGALAB_PARSER", f"{SECRET}"),
    ],
)
def test_a_bad_value_is_refused_by_name_and_never_repeated(name, value):
    with pytest.raises(SettingsRefused, match=f"^{name} must be ") as refused:
        read_settings({name: value})
    assert refused.value.key == name
    assert isinstance(refused.value, SagalabError)
    printed = "".join(traceback.format_exception(refused.value))
    assert SECRET not in printed


def test_every_field_says_what_it_must_be():
    assert MUST_BE.keys() == Settings.model_fields.keys()


def test_a_password_in_the_url_is_not_in_the_repr():
    settings = Settings(database_url=f"postgresql://me:{SECRET}@localhost/db")
    assert SECRET not in repr(settings) and SECRET not in str(settings)


def test_settings_do_not_change():
    with pytest.raises(ValidationError):
        Settings().max_open_runs = 5
