"""Opening a store: one process a file, a whole file, the present schema. Nothing is ever deleted or recreated."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError

from core.errors import SettingsRefused, StoreCorrupt, StoreError, StoreLocked
from core.store.schema import VERSION, bring_up_to_date, find_version, touch

CHECK_LIMIT_BYTES = 256 * 1024 * 1024
SETTING = "SAGALAB_DATABASE_URL"
BAD_URL = (
    f"{SETTING} is not a database URL that can be used. Write it like sqlite:///data/sagalab.db or "
    "postgresql+psycopg://user:password@host/name."
)


@dataclass(frozen=True)
class Opened:
    """A store that this process holds: `writer` for the one writing connection, `reader` for everybody else."""

    url: URL
    writer: Engine
    reader: Engine
    lock: FileLock | None
    is_new: bool

    @property
    def path(self) -> str:
        """The file, or the URL without its password."""
        return self.url.database or "" if self.url.drivername.startswith("sqlite") else self.url.render_as_string(True)

    def close(self) -> None:
        """Let go of the connections, then of the lock."""
        self.reader.dispose()
        self.writer.dispose()
        if self.lock:
            self.lock.release()


def open_store(database_url: str) -> Opened:
    """Open or create a store. Raises StoreLocked, StoreCorrupt, StoreTooNew, StoreError, SettingsRefused."""
    url = _read_url(database_url)
    with _drivers():
        if url.get_backend_name() == "sqlite":
            return _open_sqlite(url)
        writer, reader = create_engine(url), create_engine(url, execution_options={"postgresql_readonly": True})
    return _finish(Opened(url, writer, reader, None, False))


def open_for_reading(database_url: str) -> Engine:
    """A read-only engine on a store, which another process may have in use. No file is made or changed.

    A SQLite file that nobody has open is read without locks: whoever reads it sees to it that it stayed as it was.
    Raises StoreCorrupt, StoreTooNew, StoreError, SettingsRefused.
    """
    url = _read_url(database_url)
    with _drivers():
        if url.get_backend_name() == "sqlite":
            engine, path = _read_sqlite(url)
        else:
            engine, path = create_engine(url), url.render_as_string(True)
    try:
        with engine.connect() as connection:
            version = find_version(connection, path)
    except DatabaseError as error:
        engine.dispose()
        raise explain(path, error) from error
    if version != VERSION:
        what = "holds no store yet" if version is None else f"was written by an older Sagalab (schema {version})"
        raise StoreError(path, f"{path} {what}. Start Sagalab on it once, then it can be read.")
    return engine


def _read_sqlite(url: URL) -> tuple[Engine, str]:
    path = Path(os.path.realpath(url.database or ""))
    if url.query or not url.database or url.database == ":memory:":
        raise SettingsRefused(SETTING, BAD_URL)
    if not path.is_file():
        raise StoreError(path, f"There is no store {path}. Name another file in {SETTING}, or start Sagalab first.")
    in_use = Path(f"{path}-wal").exists()  # to read with locks would make this file and leave it there
    query = {"mode": "ro", "uri": "true"} | ({} if in_use else {"immutable": "1"})
    address = f"file:{path.as_uri().removeprefix('file://')}"
    return create_engine(URL.create("sqlite", database=address, query=query), connect_args={"timeout": 10}), str(path)


@contextmanager
def _drivers() -> Iterator[None]:
    """Raises SettingsRefused where the URL's driver is missing."""
    try:
        yield
    except ImportError as error:
        raise SettingsRefused(
            SETTING,
            f"{SETTING} asks for a driver that is not installed: {error.name}. Install it, "
            "or name a file, like sqlite:///data/sagalab.db.",
        ) from error


def _read_url(text: str) -> URL:
    try:
        url = make_url(text)
        is_async = url.get_dialect().is_async
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise SettingsRefused(SETTING, BAD_URL) from error
    if is_async or url.get_backend_name() not in ("sqlite", "postgresql"):
        raise SettingsRefused(SETTING, BAD_URL)
    return url


def _open_sqlite(url: URL) -> Opened:
    if not url.database or url.database == ":memory:":
        raise SettingsRefused(
            SETTING,
            f"{SETTING} names no file: runs would not survive a restart. Write it like sqlite:///data/sagalab.db.",
        )
    if url.query:
        raise SettingsRefused(SETTING, BAD_URL)
    path = Path(os.path.realpath(url.database))  # a link names the same store, and so the same lock
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = _take_lock(path)
    except OSError as error:
        raise StoreError(
            path,
            f"The store {path} can't be opened: {error.strerror}. Check that the folder exists and "
            f"can be written, or name another file in {SETTING}.",
        ) from error
    try:
        writer = create_engine(url.set(database=str(path)), connect_args={"check_same_thread": False, "timeout": 10})
        event.listen(writer, "connect", _prepare_writer)
        event.listen(writer, "begin", _begin_immediate)
        address = f"file:{path.as_uri().removeprefix('file://')}"
        reader = create_engine(
            URL.create("sqlite", database=address, query={"mode": "ro", "uri": "true"}),
            connect_args={"check_same_thread": False, "timeout": 10},
        )
        return _finish(Opened(url.set(database=str(path)), writer, reader, lock, False))
    except BaseException:
        lock.release()
        raise


def _finish(opened: Opened) -> Opened:
    try:
        if opened.lock:
            _look(opened)
        with opened.writer.begin() as connection:
            is_new = bring_up_to_date(connection, opened.path)
            touch(connection)
    except DatabaseError as error:
        _let_go(opened)
        raise explain(opened.path, error) from error
    except BaseException:
        _let_go(opened)
        raise
    return Opened(opened.url, opened.writer, opened.reader, opened.lock, is_new)


def _let_go(opened: Opened) -> None:
    opened.reader.dispose()
    opened.writer.dispose()


def _look(opened: Opened) -> None:
    """Refuse what is no whole store of ours while only reading: to connect for writing would change it already.

    Whether a large file is whole only shows when a damaged page is met.
    """
    file = Path(opened.path)
    size = file.stat().st_size if file.exists() else 0
    if not size:
        return
    with opened.reader.connect() as connection:
        if size <= CHECK_LIMIT_BYTES and connection.execute(text("pragma quick_check(1)")).scalar() != "ok":
            raise StoreCorrupt(opened.path, _damaged(opened.path))
        find_version(connection, opened.path)


def explain(path: str, error: DatabaseError) -> StoreError:
    """A refusal of the database in a sentence: what is wrong with the file, and what to do then."""
    words = str(error.orig).lower()
    if "not a database" in words or "malformed" in words or "corrupt" in words:
        return StoreCorrupt(path, _damaged(path))
    if "readonly" in words or "read-only" in words or "unable to open" in words:
        return StoreError(
            path,
            f"The store {path} can't be written ({error.orig}). Make the file and its folder "
            f"writable, or name another file in {SETTING}.",
        )
    return StoreError(
        path, f"The store {path} can't be opened: {error.orig}. If this stays so, name another one in {SETTING}."
    )


def _damaged(path: str) -> str:
    return (
        f"The store {path} is damaged or is not a SQLite database. It was left as it is: restore a copy of it, or "
        f"name another file in {SETTING} to start afresh."
    )


def _take_lock(path: Path) -> FileLock:
    """Hold the file for this process. Raises StoreLocked and says who has it."""
    lock = FileLock(f"{path}.lock", timeout=0, thread_local=False)  # any thread may stop the engine
    holder = Path(f"{path}.holder")
    try:
        lock.acquire()
    except Timeout as error:
        who = holder.read_text(encoding="utf-8", errors="ignore").strip() if holder.exists() else ""
        raise StoreLocked(
            path,
            f"The store {path} is in use by {who or 'another process'}. Stop "
            f"that one first, or name another file in {SETTING}.",
        ) from error
    try:
        holder.write_text(f"process {os.getpid()} on {socket.gethostname()}\n", encoding="utf-8")
    except OSError:
        lock.release()
        raise
    return lock


def _prepare_writer(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # transactions begin and end where this project says so
    cursor = connection.cursor()
    cursor.execute("pragma journal_mode=wal")
    cursor.execute("pragma synchronous=full")
    cursor.execute("pragma foreign_keys=on")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("begin immediate")
