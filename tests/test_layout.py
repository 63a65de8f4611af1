"""Imports point inwards, and everything imported is listed in the requirements."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("app", "core", "pages", "tests")
FACADE = (
    "core.bootstrap",
    "core.composer.base",
    "core.composer.refine",
    "core.composer.typed",
    "core.models",
    "core.views",
    "core.errors",
    "core.metrics",
    "core.odds",
    "core.money",
    "core.services.faults",
)
CLOCKS_AND_CHANCE = ("datetime", "random", "secrets", "time", "uuid")


class Import(NamedTuple):
    """What an import statement names: `name` is dotted, with the last part possibly an attribute."""

    name: str
    lazy: bool


def inside(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def anywhere(name: str, packages: tuple[str, ...]) -> bool:
    return any(inside(name, package) for package in packages)


@dataclass(frozen=True)
class Only:
    """Modules of `place` import nothing of ours but `allowed` and, where `own`, each other."""

    place: str
    allowed: tuple[str, ...] = ()
    own: bool = True

    def broken_by(self, module: str, found: Import) -> bool:
        allowed = (*self.allowed, self.place) if self.own else self.allowed
        return inside(module, self.place) and anywhere(found.name, OURS) and not anywhere(found.name, allowed)

    def __str__(self) -> str:
        return f"{self.place} may import only {', '.join(self.allowed) or 'nothing of ours'}"


@dataclass(frozen=True)
class Kept:
    """`library` is imported only in `places`."""

    library: str
    places: tuple[str, ...]

    def broken_by(self, module: str, found: Import) -> bool:
        return inside(found.name, self.library) and not anywhere(module, self.places)

    def __str__(self) -> str:
        return f"{self.library} belongs to {', '.join(self.places)}"


@dataclass(frozen=True)
class Never:
    """Modules of `places` do not import `names`; with `at_start`, they may inside a function."""

    places: tuple[str, ...]
    names: tuple[str, ...]
    at_start: bool = False

    def broken_by(self, module: str, found: Import) -> bool:
        return anywhere(module, self.places) and anywhere(found.name, self.names) and not (self.at_start and found.lazy)

    def __str__(self) -> str:
        return f"{', '.join(self.places)} must not import it{' but inside a function' if self.at_start else ''}"


RULES: tuple[Only | Kept | Never, ...] = (
    Only("pages", FACADE),
    Only("core.api", FACADE),
    Only(
        "core.worlds",
        (
            "core.interpreter",
            "core.services",
            "core.store",
            "core.retry",
            "core.decisions",
            "core.wallets",
            "core.models",
            "core.errors",
        ),
    ),
    Only("core.interpreter", ("core.worlds.base", "core.retry", "core.models", "core.errors"), own=False),
    Only(
        "core.audit",
        (
            "core.interpreter",
            "core.worlds.driver",
            "core.services",
            "core.store.books",
            "core.store.opening",
            "core.settings",
            "core.metrics",
            "core.money",
            "core.models",
            "core.views",
            "core.errors",
        ),
    ),
    Only(
        "core.composer",
        ("core.models", "core.validate", "core.services.registry", "core.errors", "core.money", "core.settings"),
    ),
    Only("core.models", own=False),
    Only("core.errors", own=False),
    Only("core.views", ("core.models",), own=False),
    Never(("core",), ("app", "pages", "tests")),
    Never(("app",), ("tests",)),
    Kept("streamlit", ("app", "pages")),
    Kept("fastapi", ("app", "core.api")),
    Kept("temporalio", ("core.worlds.temporal",)),
    Kept("groq", ("core.composer.groq", "core.summary")),
    Kept("plotly", ("pages",)),
    Kept("core.settings", ("core.bootstrap", "core.audit.__main__", "core.composer.__main__", "core.store.rebuild")),
    Never(("core.interpreter", "core.retry", "core.plans"), ("asyncio",)),
    Never(("core.interpreter", "core.retry"), CLOCKS_AND_CHANCE),
    Never(("core.bootstrap",), ("core.worlds.temporal", "core.composer.groq"), at_start=True),
)


OUTWARDS = [
    ("pages.runs", "from core.store.writer import Writer"),
    ("pages.runs", "import core"),
    ("pages.runs", "from core import store"),
    ("pages.runs", "from core.services.registry import REGISTRY"),
    ("pages.runs", "def draw():\n    from core.engine import Engine"),
    ("pages.shared.live", "import core.interpreter as talk"),
    ("core.api.routes", "from core.store import queries"),
    ("core.worlds.embedded", "from core.composer.base import Composer"),
    ("core.worlds.base", "from ..bootstrap import build_engine"),
    ("core.interpreter", "from core.worlds.embedded import Embedded"),
    ("core.interpreter", "from core.services import faults"),
    ("core.composer.offline.reader", "from core.services.faults import PRESETS"),
    ("core.composer.groq", "from core.store import schema"),
    ("core.composer.parsers", "from core.settings import Settings"),
    ("core.audit.checker", "from core.store.writer import Writer"),
    ("core.models", "from core.errors import Refusal"),
    ("core.errors", "from . import models"),
    ("core.errors", "if TYPE_CHECKING:\n    from core.models import Plan"),
    ("core.views", "from core.errors import Refusal"),
    ("core.money", "import streamlit"),
    ("core.money", "import streamlit.testing.v1"),
    ("core.engine", "from fastapi import FastAPI"),
    ("core.worlds.embedded", "import temporalio.workflow"),
    ("core.composer.offline.reader", "import groq"),
    ("core.metrics", "import plotly.express as px"),
    ("app", "import plotly"),
    ("core.interpreter", "import asyncio"),
    ("core.retry", "from asyncio import sleep"),
    ("core.plans", "import asyncio.tasks"),
    ("core.interpreter", "from time import monotonic"),
    ("core.retry", "import random"),
    ("core.engine", "from pages.shared import palette"),
    ("core.engine", "import app"),
    ("app", "from tests.pages.fakes import FakeEngine"),
    ("core.bootstrap", "from core.worlds.temporal import world"),
    ("core.bootstrap", "import core.composer.groq"),
]


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def project_files() -> list[Path]:
    folders = (path for name in OURS for path in (ROOT / name).rglob("*.py"))
    return sorted([*ROOT.glob("*.py"), *folders])


def imports(source: str, module: str, *, package: bool = False) -> Iterator[Import]:
    """Every import of a source text, wherever it stands; relative ones made absolute."""
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    late = {id(node) for function in functions for node in ast.walk(function)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, id(node) in late)
        elif isinstance(node, ast.ImportFrom):
            parts = module.split(".")
            above = parts[: len(parts) - node.level + package] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                yield Import(f"{base}.{alias.name}", id(node) in late)


def violations(source: str, module: str, *, package: bool = False) -> list[str]:
    return [
        f"{module} imports {found.name}: {rule}"
        for found in imports(source, module, package=package)
        for rule in RULES
        if not inside(module, "tests") and rule.broken_by(module, found)
    ]


def listed(*names: str) -> set[str]:
    """The distributions that requirements files name."""
    lines = (line for name in names for line in (ROOT / name).read_text(encoding="utf-8").splitlines())
    return {plain(match[0]) for line in lines if (match := re.match(r"[A-Za-z0-9][\w.-]*", line))}


def plain(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


@cache
def distributions() -> Mapping[str, list[str]]:
    """Import name -> the installed distributions that carry it."""
    return packages_distributions()


def unlisted(source: str, module: str, requirements: set[str]) -> list[str]:
    """The third-party packages that a source text imports and the requirements do not name."""
    tops = {found.name.partition(".")[0] for found in imports(source, module)}
    return [
        f"{module} imports {top}, which is not in the requirements"
        for top in sorted(tops - sys.stdlib_module_names - set(OURS))
        if not {plain(name) for name in distributions().get(top, [top])} & requirements
    ]


def test_imports_point_inwards():
    files = project_files()
    assert ROOT / "core" / "models.py" in files
    found = [
        broken
        for path in files
        for broken in violations(path.read_text(encoding="utf-8"), module_of(path), package=path.name == "__init__.py")
    ]
    assert not found, "\n".join(found)


def test_everything_imported_is_in_the_requirements():
    app, tests = listed("requirements.txt"), listed("requirements.txt", "tests/requirements.txt")
    assert {"streamlit", "pydantic"} <= app
    assert "pytest" in tests
    found = []
    for path in project_files():
        module = module_of(path)
        needed = tests if inside(module, "tests") else app
        found += unlisted(path.read_text(encoding="utf-8"), module, needed)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("module", "source"), OUTWARDS)
def test_an_import_outwards_is_found(module, source):
    assert violations(source, module)


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_every_rule_is_broken_by_some_import(rule):
    assert any(rule.broken_by(module, found) for module, source in OUTWARDS for found in imports(source, module))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("pages.runs", "import plotly.express\nimport streamlit\nfrom core.services.faults import PRESETS"),
        ("pages.runs", "from core import models, errors\nfrom pages.shared.palette import STATES"),
        ("core.worlds.embedded", "from core.worlds.base import World\nfrom core.store.writer import Writer"),
        ("core.interpreter", "from core import retry\nfrom core.worlds.base import World"),
        ("core.composer.offline.reader", "from ..base import Reading\nfrom core.money import digits"),
        ("core.views", "from core.models import Plan"),
        ("core.composer.groq", "import groq"),
        ("core.bootstrap", "def connect():\n    from core.worlds.temporal import world"),
        ("core.engine", "import asyncio\nimport time"),
        ("core.modelscape", "from core.errors import Refusal"),
        ("tests.core.test_engine", "import streamlit\nfrom core.store.writer import Writer"),
        ("app", "import streamlit\nfrom core.bootstrap import lifespan"),
    ],
)
def test_an_import_inwards_passes(module, source):
    assert violations(source, module) == []


@pytest.mark.parametrize(
    ("module", "package", "source", "name"),
    [
        ("core.worlds.base", False, "from . import driver", "core.worlds.driver"),
        ("core.worlds.base", False, "from .. import models", "core.models"),
        ("core.worlds.base", False, "from ..models import Plan", "core.models.Plan"),
        ("core.worlds", True, "from . import base", "core.worlds.base"),
        ("core.worlds", True, "from .base import World", "core.worlds.base.World"),
        ("core.worlds", True, "from .. import models", "core.models"),
        ("core.worlds", True, "from core import models", "core.models"),
    ],
)
def test_a_relative_import_is_made_absolute(module, package, source, name):
    assert [found.name for found in imports(source, module, package=package)] == [name]


def test_an_unlisted_package_is_found():
    source = "import os, sqlalchemy as sa\nfrom core import models\ndef f():\n    import numpy.linalg, no_such_thing"
    found = unlisted(source, "core.x", listed("requirements.txt"))
    assert [line.split()[2] for line in found] == ["no_such_thing,", "numpy,"]


def test_an_import_name_is_looked_up_by_its_distribution():
    assert unlisted("import _pytest", "tests.x", {"pytest"}) == []
    assert unlisted("import _pytest", "tests.x", {"streamlit"})
