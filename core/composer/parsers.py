"""Which parsers there are, and how each is made from the settings."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import cast, get_args

from core.composer.base import Composer, ParserName
from core.errors import SettingsRefused

GROQ = "core.composer.groq"


def make_parser(name: str, settings: Mapping[str, str]) -> Composer:
    """The parser of this name. `settings` are environment variables; the offline one needs none.

    A parser with needs of its own is a module with a function `make(settings) -> Composer`, imported only here.
    Raises SettingsRefused for an unknown name, and where a parser or what it needs is not installed.
    """
    known = get_args(ParserName)
    if name == "offline":
        from core.composer.offline import OfflineComposer

        return OfflineComposer()
    if name not in known:
        raise SettingsRefused("parser", f"There is no parser '{name[:40]}'. Use one of: {', '.join(known)}.")
    try:
        module = import_module(GROQ)
    except ModuleNotFoundError as missing:
        message = (
            f"The parser '{name}' can't be used: {missing.name} is not installed. "
            "Use the parser 'offline' (SAGALAB_PARSER=offline)."
        )
        raise SettingsRefused("parser", message) from missing
    return cast(Composer, module.make(settings))
