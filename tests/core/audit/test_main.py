"""`python -m core.audit`: it checks a store that is in use or is not, and never changes a file or makes one."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from core.audit.__main__ import main
from tests.core.scenes import Lab

ROOT = Path(__file__).parents[3]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with one run, which nobody has open."""
    with Lab(tmp_path) as lab:
        lab.run()
    return lab.path


@pytest.fixture(autouse=True)
def _other_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("SAGALAB_DATABASE_URL", f"sqlite:///{(tmp_path / 'none.db').as_posix()}")
    yield
    assert not (tmp_path / "none.db").exists()


def url(path: Path) -> str:
    return f"sqlite:///{path.as_posix()}"


def falsify(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_sound_store(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = files(store.parent)
    assert main(["--url", url(store)]) == 0
    said = capsys.readouterr()
    sentence = (
        r"1 run, 10 journal rows and 6 effects, at each of 16 committed prefixes, in \d\.\d s: everything holds\.\n"
    )
    assert re.fullmatch(sentence, said.out) and not said.err
    assert files(store.parent) == before


def test_the_store_of_the_settings(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SAGALAB_DATABASE_URL", url(store))
    assert main([]) == 0
    assert "everything holds" in capsys.readouterr().out


def test_beside_a_running_engine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Lab(tmp_path) as lab:
        lab.faults(latency_ms=10_000)
        lab.start()
        assert main(["--url", url(lab.path)]) == 0
    assert capsys.readouterr().out.startswith("1 run, 1 journal row and 0 effects, at each of 1 committed prefix,")


def test_every_violation_is_printed(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    falsify(store, "update postings set minor = minor - 1 where account = 'card' and run != ''")
    falsify(store, "update wallets set minor = 7 where name = 'small'")
    assert main(["--url", url(store)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert re.fullmatch(
        r"Invariant 4, run r_\w+, position 3: The postings of .* sum to -\$0\.01, not to zero\.", lines[0]
    )
    assert re.fullmatch(r"Invariant 3, run r_\w+, position \d+: The run ended confirmed, and .*", lines[1])
    assert (
        lines[2]
        == "Invariant 4, run -, position 16: The account 'wallet:small' holds $0.07, but $100.00 was posted to it."
    )
    assert lines[3].endswith(": 3 violations.")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("update meta set value = '99'", "was written by a newer Sagalab (schema 99"),
        ("drop table meta", "is a database, but not one of Sagalab's."),
    ],
)
def test_a_store_that_is_none_of_this_version(
    store: Path, capsys: pytest.CaptureFixture[str], statement: str, said: str
) -> None:
    falsify(store, statement)
    before = files(store.parent)
    assert main(["--url", url(store)]) == 1
    told = capsys.readouterr()
    assert said in told.err and told.err.count("\n") == 1 and not told.out
    assert files(store.parent) == before


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("store.db", None, "There is no store"),
        ("store.db", b"", "holds no store yet. Start Sagalab on it once"),
        ("store.db", b"not a database at all" * 100, "is damaged or is not a SQLite database"),
        ("", None, "There is no store"),
    ],
)
def test_no_store(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes | None, said: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    before = files(tmp_path)
    assert main(["--url", url(path)]) == 1
    told = capsys.readouterr()
    assert said in told.err and told.err.count("\n") == 1 and not told.out
    assert files(tmp_path) == before


def test_a_page_that_is_damaged(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = bytearray(store.read_bytes())
    for place in range(8192, len(content), 4096):
        content[place : place + 100] = b"\xff" * 100
    store.write_bytes(content)
    assert main(["--url", url(store)]) == 1
    told = capsys.readouterr()
    assert told.err.count("\n") == 1 and "store.db" in told.err


def test_a_store_written_while_it_was_read(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from core.audit import __main__ as command

    checked = command.check

    def late(*parts: object, **options: object) -> object:
        falsify(store, "update runs set title = 'another one'")
        return checked(*parts, **options)

    monkeypatch.setattr(command, "check", late)
    assert main(["--url", url(store)]) == 1
    assert "was opened while it was read. Check it once more." in capsys.readouterr().err


def test_bad_urls(capsys: pytest.CaptureFixture[str]) -> None:
    for bad in ("", "nonsense", "sqlite://", "mysql://host/name"):
        assert main(["--url", bad]) == 1
        assert "SAGALAB_DATABASE_URL" in capsys.readouterr().err


def test_as_a_command(store: Path) -> None:
    command = [sys.executable, "-m", "core.audit", "--url", url(store)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("everything holds.\n")


def test_a_page_that_only_the_check_reads_is_damaged(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(store)) as connection:
        (root,) = connection.execute("select rootpage from sqlite_master where name = 'journal'").fetchone()
        (size,) = connection.execute("pragma page_size").fetchone()
    content = bytearray(store.read_bytes())
    content[(root - 1) * size : root * size] = b"\xff" * size
    store.write_bytes(content)
    assert main(["--url", url(store)]) == 1
    told = capsys.readouterr()
    assert told.err.count("\n") == 1 and "store.db is damaged" in told.err
    assert "restore a copy of it, or name another file in SAGALAB_DATABASE_URL to start afresh." in told.err
