"""Settings, read once at start from the environment; everything runs without any."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Annotated, get_args

from pydantic import AfterValidator, Field, ValidationError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from core.composer.base import ParserName
from core.errors import SettingsRefused
from core.models import Model

PREFIX = "SAGALAB_"


def _url(text: str) -> str:
    try:
        make_url(text)
    except (ArgumentError, ValueError) as error:
        raise ValueError("not a database URL") from error
    return text


class Settings(Model):
    """How this process runs. The database URL may hold a password and stays out of the repr.

    `live_rates`: ask the live currency source. `max_open_runs`: runs not ended beyond which none is accepted.
    `parser` reads the sentences.
    """

    database_url: Annotated[str, AfterValidator(_url), Field(repr=False)] = "sqlite:///data/sagalab.db"
    live_rates: bool = True
    max_open_runs: Annotated[int, Field(ge=1, le=1_000_000)] = 10_000
    parser: ParserName = "offline"


MUST_BE = {
    "database_url": "a database URL, like sqlite:///data/sagalab.db",
    "live_rates": "1 (ask the live currency source) or 0 (do not)",
    "max_open_runs": "a whole number from 1 to 1000000",
    "parser": " or ".join(get_args(ParserName)),
}


def _parser(environ: Mapping[str, str]) -> ParserName:
    return "groq" if any(environ.get(name, "").strip() for name in ("GROQ_API_KEY", "GROQ_BASE_URL")) else "offline"


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings from variables named SAGALAB_ and the field's name in capitals.

    Without SAGALAB_PARSER, a GROQ_API_KEY or a GROQ_BASE_URL chooses the parser 'groq'.
    Raises SettingsRefused for an unknown name and for a bad value, whose text is never repeated.
    """
    names = {PREFIX + field.upper(): field for field in Settings.model_fields}
    given = {name for name in environ if name.upper().startswith(PREFIX)}
    for name in sorted(given - names.keys()):
        raise SettingsRefused(name, f"{name} is not a setting. Remove it, or use one of: {', '.join(names)}.")
    try:
        return Settings.model_validate({"parser": _parser(environ)} | {names[name]: environ[name] for name in given})
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
    # Raised out here, so that no traceback prints pydantic's error: that one quotes the value.
    name = PREFIX + field.upper()
    raise SettingsRefused(name, f"{name} must be {MUST_BE[field]}. Change it or remove it, then start again.")
