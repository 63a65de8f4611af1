"""Every state that a store file can be in: opened, or refused with a sentence, and then never changed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import IntegrityError, OperationalError

from core.errors import SettingsRefused, StoreCorrupt, StoreError, StoreLocked, StoreTooNew
from core.store import opening
from core.store.opening import Opened, open_store
from core.store.schema import VERSION, meta, metadata, outbox, runs

ROOT = Path(__file__).parents[3]
SETTING = "SAGALAB_DATABASE_URL"
HOLD = """
import sys
from sqlalchemy import Connection, insert
from core.store.opening import open_store
from core.store.schema import meta
opened = open_store(sys.argv[1])
with opened.writer.begin() as connection:
    connection.execute(insert(meta).values(name="left by", value="the first"))
print("ready", flush=True)
sys.stdin.read()
"""
DENIED = """
import json, os, sys
from core.errors import SagalabError
from core.store.opening import open_store
folder = sys.argv[1]
open_store(f"sqlite:///{folder}/warm/up.db").close()  # whatever is imported late, is imported now
for name, mode in json.loads(sys.argv[2]):
    os.chmod(f"{folder}/{name}", mode)
if os.geteuid() == 0:
    os.setgid(65534), os.setuid(65534)
answers = []
for name in sys.argv[3:]:
    try:
        open_store(f"sqlite:///{folder}/{name}").close()
        answers.append(["opened", ""])
    except SagalabError as error:
        answers.append([type(error).__name__, str(error)])
print(json.dumps(answers))
"""


def url_of(path: Path) -> str:
    return URL.create("sqlite", database=str(path)).render_as_string()


def value_of(connection: Connection, name: str) -> str | None:
    return connection.execute(select(meta.c.value).where(meta.c.name == name)).scalar()


@contextmanager
def opened_at(path: Path) -> Iterator[Opened]:
    opened = open_store(url_of(path))
    try:
        yield opened
    finally:
        opened.close()


def make_store(path: Path, messages: int = 0) -> None:
    """A whole store, closed, with that many messages to fill pages."""
    row = {"run": "r", "key": "k", "channel": "email", "kind": "notice", "recipient": "", "subject": "", "at": 0.0}
    with opened_at(path) as opened, opened.writer.begin() as connection:
        if messages:
            connection.execute(insert(outbox), [row | {"body": f"{n:04}" * 100} for n in range(messages)])


def digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def refusal_of(path: Path, kind: type[StoreError]) -> str:
    """The sentence with which a file is refused; the file must be the same afterwards, and free for others."""
    before = digest(path)
    with pytest.raises(kind) as refused:
        open_store(url_of(path))
    assert type(refused.value) is kind
    assert digest(path) == before
    assert str(path) in str(refused.value)
    assert SETTING in str(refused.value)
    with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.DatabaseError):
        connection.execute("select 1 from no_such_table")
    opening._take_lock(path).release()
    return str(refused.value)


# A store that can be opened


def test_a_new_file_gets_its_folder_and_the_tables_and_is_opened_again(tmp_path):
    path = tmp_path / "new" / "folder" / "store.db"
    with opened_at(path) as first:
        assert first.is_new
        assert first.path == str(path)
        with first.reader.connect() as connection:
            names = set(connection.execute(text("select name from sqlite_schema where type = 'table'")).scalars())
            assert set(metadata.tables) <= names
            assert value_of(connection, "schema_version") == str(VERSION)
    with opened_at(path) as second:
        assert not second.is_new


def test_an_empty_file_becomes_a_store(tmp_path):
    path = tmp_path / "store.db"
    path.touch()
    with opened_at(path) as opened:
        assert opened.is_new


def test_a_folder_with_odd_characters_is_read_as_it_is_written(tmp_path):
    path = tmp_path / "a b%20c?d#e&mode=rw ü" / "store=1.db"
    with opened_at(path) as opened:
        with opened.writer.begin() as connection:
            connection.execute(insert(meta).values(name="seen", value="yes"))
        with opened.reader.connect() as connection:
            assert value_of(connection, "seen") == "yes"
    assert path.exists()


def test_the_writer_syncs_every_commit_to_a_write_ahead_log_and_checks_references(tmp_path):
    with opened_at(tmp_path / "store.db") as opened, opened.writer.begin() as connection:
        names = ("journal_mode", "synchronous", "foreign_keys")
        assert [connection.execute(text(f"pragma {name}")).scalar() for name in names] == ["wal", 2, 1]
        lonely = {column.name: "x" for column in runs.columns if not column.nullable} | {
            "profile": 9,
            "created_at": 1.0,
        }
        with pytest.raises(IntegrityError, match="FOREIGN KEY"):
            connection.execute(insert(runs).values(lonely))


def test_a_write_takes_the_file_when_it_begins(tmp_path):
    path = tmp_path / "store.db"
    with (
        opened_at(path) as opened,
        opened.writer.begin(),
        closing(sqlite3.connect(path, timeout=0)) as other,
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        other.execute("begin immediate")


def test_readers_see_what_is_committed_and_can_not_write(tmp_path):
    with opened_at(tmp_path / "store.db") as opened, opened.reader.connect() as reading:
        with opened.writer.begin() as connection:
            connection.execute(insert(meta).values(name="new", value="1"))
            assert value_of(reading, "new") is None
            reading.rollback()
        assert value_of(reading, "new") == "1"
        writes = insert(meta).values(name="mine", value="1"), meta.delete(), text("drop table meta"), text("vacuum")
        for statement in writes:
            with pytest.raises(OperationalError, match=r"readonly|read-only|transaction"):
                reading.execute(statement)


# One process a file


def start_holder(path: Path) -> subprocess.Popen[str]:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, url_of(path)], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "ready\n"
    return holder


@pytest.fixture
def held(tmp_path) -> Iterator[tuple[Path, subprocess.Popen[str]]]:
    """A store that another process holds."""
    path = tmp_path / "store.db"
    with start_holder(path) as holder:
        yield path, holder
        holder.kill()


def test_a_second_process_is_refused_and_told_which_one_holds_the_file_until_that_one_is_killed(held):
    path, holder = held
    with pytest.raises(StoreLocked) as refused:
        open_store(url_of(path))
    assert str(path) in str(refused.value)
    assert f"process {holder.pid} on " in str(refused.value)
    assert SETTING in str(refused.value)
    holder.kill()
    assert holder.wait() == -signal.SIGKILL
    assert str(holder.pid) in Path(f"{path}.holder").read_text(encoding="utf-8")
    with opened_at(path) as opened:
        assert not opened.is_new
        with opened.reader.connect() as connection:
            assert value_of(connection, "left by") == "the first"
        assert Path(f"{path}.holder").read_text(encoding="utf-8").startswith(f"process {os.getpid()} on ")


def test_the_same_process_is_refused_as_well_and_the_first_keeps_the_file(tmp_path):
    path = tmp_path / "store.db"
    with opened_at(path) as opened:
        for _ in range(2):
            with pytest.raises(StoreLocked, match=f"process {os.getpid()} on "):
                open_store(url_of(path))
        with opened.writer.begin() as connection:
            connection.execute(insert(meta).values(name="still", value="mine"))
    with opened_at(path):
        pass


def test_another_name_of_the_same_file_is_the_same_store(tmp_path):
    path, alias = tmp_path / "store.db", tmp_path / "elsewhere" / "alias.db"
    alias.parent.mkdir()
    try:
        alias.symlink_to(path)
    except OSError as error:
        pytest.skip(f"this machine makes no links: {error}")
    with opened_at(path), pytest.raises(StoreLocked, match=f"process {os.getpid()} on "):
        open_store(url_of(alias))


def test_whoever_holds_the_file_without_saying_so_is_another_process(tmp_path):
    path = tmp_path / "store.db"
    with opened_at(path):
        holder = Path(f"{path}.holder")
        for content in (b"", b"\xff\xfe\xff"):
            holder.write_bytes(content)
            with pytest.raises(StoreLocked, match="in use by another process"):
                open_store(url_of(path))
        holder.unlink()
        with pytest.raises(StoreLocked, match="in use by another process"):
            open_store(url_of(path))


# Files that are no whole store


def test_garbage_is_refused_and_kept(tmp_path):
    path = tmp_path / "store.db"
    path.write_bytes(b"these are the accounts of 1987\n" * 1000)
    assert "damaged or is not a SQLite database" in refusal_of(path, StoreCorrupt)


def test_a_short_scrap_is_refused_and_kept(tmp_path):
    path = tmp_path / "store.db"
    path.write_bytes(b"SQLite format 3")
    assert "damaged or is not a SQLite database" in refusal_of(path, StoreCorrupt)


def cut(content: bytearray) -> bytearray:
    return content[: len(content) // 2 + 100]


def zero_a_page(content: bytearray) -> bytearray:
    place = len(content) // 8192 * 4096
    content[place : place + 4096] = bytes(4096)
    return content


def scramble_pages(content: bytearray) -> bytearray:
    for place in range(4096, len(content), 4096):
        content[place : place + 12] = b"\x7fscrambled!!"
    return content


def flip_the_schema(content: bytearray) -> bytearray:
    place = content.index(b"CREATE TABLE")
    content[place : place + 6] = bytes(byte ^ 0x15 for byte in content[place : place + 6])
    return content


@pytest.mark.parametrize("damage", [cut, zero_a_page, scramble_pages, flip_the_schema])
def test_a_damaged_store_is_refused_and_kept(tmp_path, damage: Callable[[bytearray], bytearray]):
    path = tmp_path / "store.db"
    make_store(path, messages=300)
    path.write_bytes(damage(bytearray(path.read_bytes())))
    assert "left as it is" in refusal_of(path, StoreCorrupt)


def test_a_large_store_is_not_read_through_at_every_start(tmp_path, monkeypatch):
    path = tmp_path / "store.db"
    make_store(path, messages=300)
    path.write_bytes(zero_a_page(bytearray(path.read_bytes())))
    monkeypatch.setattr(opening, "CHECK_LIMIT_BYTES", 4096)
    with opened_at(path):
        pass


@pytest.mark.parametrize(
    "statements",
    [
        ["create table songs (title text)", "insert into songs values ('Blue')"],
        ["create table meta (id integer primary key, owner text)"],
        ["create table meta (name text, value text)", "insert into meta values ('schema', '1')"],
        ["create table meta (name text, value text)", "insert into meta values ('schema_version', '1')"],
        ["create table meta (name text, value integer)", "insert into meta values ('schema_version', 1)"],
    ],
    ids=["songs", "another meta", "a meta without version", "a meta and nothing else", "a number for a version"],
)
@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_the_database_of_another_program_is_refused_and_kept(tmp_path, statements, mode):
    path = tmp_path / "store.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"pragma journal_mode={mode}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    assert "not one of Sagalab's" in refusal_of(path, StoreCorrupt)


def set_version(path: Path, value: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("update meta set value = ? where name = 'schema_version'", [value])
        connection.commit()


def test_a_newer_store_is_refused_and_kept(tmp_path):
    path = tmp_path / "store.db"
    make_store(path)
    set_version(path, str(VERSION + 1))
    sentence = refusal_of(path, StoreTooNew)
    assert f"schema {VERSION + 1}" in sentence
    assert f"knows {VERSION}" in sentence
    assert "Update Sagalab" in sentence


@pytest.mark.parametrize("value", ["one", "", "-1", "1.5", "²", "0"])
def test_a_version_that_can_not_be_one_is_refused_and_kept(tmp_path, value):
    path = tmp_path / "store.db"
    make_store(path)
    set_version(path, value)
    assert "left as it is" in refusal_of(path, StoreCorrupt)


# Places that can't be written


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path):
    path = tmp_path / "store.db"
    path.mkdir()
    with pytest.raises(StoreError, match=r"store\.db") as refused:
        open_store(url_of(path))
    assert SETTING in str(refused.value)
    assert list(path.iterdir()) == []


@pytest.mark.parametrize("inside", ["store.db", "deeper/store.db"])
def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path, inside):
    (tmp_path / "data").write_text("notes")
    with pytest.raises(StoreError, match="can't be opened") as refused:
        open_store(url_of(tmp_path / "data" / inside))
    assert SETTING in str(refused.value)
    assert (tmp_path / "data").read_text() == "notes"


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps permissions differently")
def test_what_must_not_be_written_is_refused_and_kept():
    folder = Path(tempfile.mkdtemp(prefix="sagalab-"))  # pytest's own folders are closed to other users
    try:
        folder.chmod(0o755)
        for name in ("file/store.db", "folder/store.db", "empty/none.db"):
            (folder / name).parent.mkdir()
            if "store" in name:
                make_store(folder / name)
        before = digest(folder / "file/store.db"), digest(folder / "folder/store.db")
        modes = [["file", 0o777], ["file/store.db", 0o444], ["folder", 0o555], ["empty", 0o555]]
        modes += [[f"file/{name.name}", 0o666] for name in (folder / "file").iterdir() if name.name != "store.db"]
        names = ["file/store.db", "folder/store.db", "empty/none.db"]
        script = [sys.executable, "-c", DENIED, str(folder), json.dumps(modes), *names]
        done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
        for name, (kind, sentence) in zip(names, json.loads(done.stdout), strict=True):
            assert (name, kind) == (name, "StoreError")
            assert str(folder / name) in sentence
            assert "writ" in sentence and SETTING in sentence
        assert (digest(folder / "file/store.db"), digest(folder / "folder/store.db")) == before
    finally:
        shutil.rmtree(folder)


# URLs


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite+pysqlite:///:memory:"])
def test_a_store_in_memory_is_refused(url):
    with pytest.raises(SettingsRefused, match="would not survive a restart") as refused:
        open_store(url)
    assert refused.value.key == SETTING


@pytest.mark.parametrize(
    "url",
    [
        "",
        "data/sagalab.db",
        "sqlite:/store.db",
        "nosuch://host/name",
        "sqlite+nosuch:///store.db",
        "sqlite+aiosqlite:///store.db",
        "postgresql+nosuch://host/name",
        "postgresql+asyncpg://host/name",
        "mysql://user:hunter2@host/name",
        "mssql+pyodbc://user:hunter2@host/name",
        "postgresql://user:hunter2@host:port/name",
        "sqlite:///store.db?surprise=1",
    ],
)
def test_a_url_that_can_not_be_used_is_refused_without_showing_it(url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsRefused, match=r"sqlite:///data/sagalab\.db") as refused:
        open_store(url)
    assert refused.value.key == SETTING
    assert "hunter2" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_server_without_its_driver_or_out_of_reach_is_refused_with_a_sentence_without_its_password():
    with pytest.raises((StoreError, SettingsRefused)) as refused:
        open_store("postgresql+psycopg://user:hunter2@127.0.0.1:9/name?connect_timeout=1")
    assert "hunter2" not in str(refused.value)
    assert "psycopg" in str(refused.value) or "can't be opened" in str(refused.value)
