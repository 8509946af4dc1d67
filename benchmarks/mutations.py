"""Faults put in on purpose, one for each goal: a measurement that does not notice its own is no guard.

`python -m benchmarks --mutate P1` breaks what P1 guards, for the length of the run, and measures P1.
"""

import os
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.template.backends.django import Template

from benchmarks import stores
from benchmarks.memory import KEEP
from core.entries import AUDIENCES
from links import fragments
from links.matching import Match, Matcher
from search import results
from search.engines import database_engine
from search.engines.base import DatabaseEngine
from search.engines.elastic.engine import ElasticsearchEngine
from search.engines.elastic.replica import ElasticsearchReplica
from search.engines.sqlite import SQLiteEngine
from sync import capture, drain, page_cache
from sync.models import Document

PAUSE = 0.005  # seconds
Fault = Callable[[], Any]  # returns a context manager


def slower(function: Callable, seconds: float = PAUSE) -> Callable:
    """Return the function with a pause before each call."""

    def call(*args: Any, **kwargs: Any) -> Any:
        time.sleep(seconds)
        return function(*args, **kwargs)

    return call


def busier(function: Callable, seconds: float = 0.05) -> Callable:
    """Return the function with CPU time burnt before each call."""

    def call(*args: Any, **kwargs: Any) -> Any:
        until = time.process_time() + seconds
        while time.process_time() < until:
            pass
        return function(*args, **kwargs)

    return call


def heavier(render: Callable) -> Callable:
    """Return a renderer of pages that adds 30 KB which no compression takes away."""

    def call(*args: Any, **kwargs: Any) -> str:
        return render(*args, **kwargs) + f"<!-- {random.Random(1).randbytes(15_000).hex()} -->"

    return call


def one_more_statement(from_db: Callable) -> Callable:
    """Return a loader of documents that asks once more for each."""

    def call(*args: Any, **kwargs: Any) -> Document:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return from_db(*args, **kwargs)

    return call


@contextmanager
def nothing_kept() -> Iterator[None]:
    with patch.object(page_cache.PageStore, "get", lambda *_: None):
        yield


@contextmanager
def stale_pages() -> Iterator[None]:
    """Pages are kept under one mark for ever."""
    with patch.object(drain, "look", lambda: (False, "always")):
        yield


@contextmanager
def no_safeguards() -> Iterator[None]:
    """Readers project nothing, and hits are not asked for again."""
    with patch.object(drain, "drain", lambda *_: 0), patch.object(results, "checked", lambda found, _: list(found)):
        yield


@contextmanager
def slow_engines() -> Iterator[None]:
    """Each search burns 5 ms more: a pause would not be seen where CPU time is judged."""
    with ExitStack() as stack:
        for engine in (DatabaseEngine, ElasticsearchEngine):
            stack.enter_context(patch.object(engine, "find", busier(engine.find, PAUSE)))
        yield


@contextmanager
def everything_ranked() -> Iterator[None]:
    """All matches are fetched, however many."""
    engine = type(database_engine())
    matches = engine.matches

    def every(self: DatabaseEngine, *args: Any, **kwargs: Any) -> Any:
        return matches(self, *args, **{**kwargs, "limit": 10**9})

    with patch.object(engine, "matches", every):
        yield


@contextmanager
def first_matches_only() -> Iterator[None]:
    """Searches rank only the first hundred matches."""
    matches = SQLiteEngine.matches

    def few(self: SQLiteEngine, *args: Any, **kwargs: Any) -> Any:
        return matches(self, *args, **{"limit": 100, **kwargs})

    with patch.object(SQLiteEngine, "matches", few):
        yield


@contextmanager
def built_twice() -> Iterator[None]:
    install, put = DatabaseEngine.install, ElasticsearchReplica.put

    def twice(self: DatabaseEngine, database: Any) -> None:
        install(self, database)
        install(self, database)

    def put_twice(self: ElasticsearchReplica, *args: Any) -> Any:
        put(self, *args)
        return put(self, *args)

    with (
        patch.object(DatabaseEngine, "install", twice),
        patch.object(ElasticsearchReplica, "put", put_twice),
    ):
        yield


@contextmanager
def always_faulty() -> Iterator[None]:
    """The index is never proven equal, so that it is always built anew."""
    with patch.object(type(database_engine()), "gaps", lambda _: 1):
        yield


@contextmanager
def emptied_first() -> Iterator[None]:
    """The index is empty for half a second before it is filled."""
    install = SQLiteEngine.install

    def late(self: SQLiteEngine, database: Any) -> None:
        with database.cursor() as cursor:
            for audience in AUDIENCES:
                cursor.execute(f"INSERT INTO search_{audience} (search_{audience}) VALUES ('delete-all')")
        time.sleep(0.5)
        install(self, database)

    with patch.object(SQLiteEngine, "install", late):
        yield


@contextmanager
def captured_often() -> Iterator[None]:
    """Every trigger stands there twenty times."""
    declared = {trigger.name: trigger for trigger in capture.declared_triggers(connection.vendor)}
    with connection.cursor() as cursor:
        for trigger in declared.values():
            for turn in range(19):
                for statement in trigger.create:
                    cursor.execute(statement.replace(trigger.name, f"bench{turn}_{trigger.name}"))
    yield


def by_the_trie(matcher: Matcher, text: str) -> list[Match]:
    """Find names without an automaton."""
    return list(matcher._trie.find(text))


def each_name_by_itself(find: Callable) -> Callable:
    """Return a finder that looks for every name in the beginning of the text before it does its work."""

    def call(matcher: Matcher, text: str) -> list[Match]:
        beginning = text[:2_000]
        sum(name.folded in beginning for name in matcher._trie.names)
        return find(matcher, text)

    return call


@contextmanager
def tags_read_anew() -> Iterator[None]:
    """No tag is remembered."""
    with patch.object(fragments, "_LONGEST_REMEMBERED", 0):
        fragments._known_tags.clear()
        yield


@contextmanager
def all_texts_read() -> Iterator[None]:
    """A changed name has every document read."""
    copy = stores.copy

    def reading(size: int, folder: Path) -> Path:
        file = copy(size, folder)
        with closing(sqlite3.connect(file)) as database:
            for operation in ("INSERT", "UPDATE", "DELETE"):
                database.execute(
                    f"CREATE TRIGGER bench_{operation} AFTER {operation} ON links_name"
                    " BEGIN SELECT count(*) FROM sync_document, (VALUES (1), (2), (3), (4), (5), (6), (7), (8))"
                    " WHERE keys LIKE '%zebadu%'; END"
                )
            database.commit()
        return file

    with patch.object(stores, "copy", reading):
        yield


@contextmanager
def documents_kept() -> Iterator[None]:
    """Workers keep all texts in memory."""
    with patch.dict(os.environ, {KEEP: "1"}):
        yield


def patched(target: Any, name: str, change: Callable[[Callable], Callable]) -> Fault:
    """Return a fault that changes one function of a module or class."""
    return lambda: patch.object(target, name, change(getattr(target, name)))


FAULTS: dict[str, Fault] = {
    "P1": nothing_kept,
    "P2": patched(Template, "render", busier),
    "P5": lambda: patch.object(Document, "from_db", one_more_statement(Document.from_db)),
    "W1": patched(Template, "render", heavier),
    "S1": slow_engines,
    "S2": everything_ranked,
    "S3": first_matches_only,
    "S4": nothing_kept,
    "T1": stale_pages,
    "T2": patched(drain, "project", lambda function: slower(function, 0.2)),
    "T3": no_safeguards,
    "R1": built_twice,
    "R2": always_faulty,
    "R3": emptied_first,
    "R4": all_texts_read,
    "L1": lambda: patch.object(Matcher, "find", by_the_trie),
    "L2": tags_read_anew,
    "L3": lambda: patch.object(Matcher, "find", by_the_trie),
    "L4": patched(Matcher, "find", each_name_by_itself),
    "C1": captured_often,
    "C2": documents_kept,
}


def mutated(id_: str) -> Any:
    """Return the context in which the goal's fault is in. Raises SystemExit for a goal without one."""
    if id_ not in FAULTS:
        raise SystemExit(f"No fault for {id_}: there is one for {', '.join(FAULTS)}.")
    return FAULTS[id_]()
