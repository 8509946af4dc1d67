"""What an archive holds: its manifest, and what the rows of a database say."""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FORMAT = 1  # of the archive; raised when older code could not read it
MANIFEST, DATABASE, SECRET, MEDIA = "manifest.json", "database.sqlite3", "secret_key", "media/"
# What follows from the content is made anew and compared by `search_check`; words that found nothing are kept.
DERIVED = ("sync_", "links_", "search_", "wagtailsearch_", "sqlite_")
KEPT = ("search_miss",)

Progress = Callable[[int], Any]  # is told how many bytes were done


class ArchiveError(Exception):
    """The archive, or the place where it should go, is not what it must be; the text says what to do."""


@dataclass(frozen=True)
class Table:
    """How many rows a table has, and the SHA-256 of them all in the order of their keys."""

    rows: int
    hash: str


@dataclass(frozen=True)
class File:
    """Size in bytes and SHA-256 of a file in the archive."""

    size: int
    sha256: str


@dataclass
class Manifest:
    """What was there when the archive was made."""

    made_at: str  # ISO 8601, UTC
    versions: dict[str, str]  # of Python, Django, Wagtail, SQLite
    migrations: list[list[str]]  # app and name of each that was applied
    tables: dict[str, Table]
    files: dict[str, File] = field(default_factory=dict)  # by name in the archive
    format: int = FORMAT

    @property
    def size(self) -> int:
        """Bytes of all files, unpacked."""
        return sum(file.size for file in self.files.values())

    def dumps(self) -> str:
        return json.dumps({**asdict(self), "content": content_hash(self.tables)}, indent=1, sort_keys=True)

    @classmethod
    def loads(cls, text: str) -> "Manifest":
        """Raises ArchiveError if the text is no manifest, or one of another format."""
        try:
            data = json.loads(text)
            if data["format"] != FORMAT:
                raise ArchiveError(
                    f"The archive has format {data['format']}, this code reads {FORMAT}: use the GESS that made it."
                )
            tables = {name: Table(**table) for name, table in data["tables"].items()}
            files = {name: File(**file) for name, file in data["files"].items()}
            told = data["content"]
            manifest = cls(data["made_at"], data["versions"], data["migrations"], tables, files)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ArchiveError(f"The archive's {MANIFEST} cannot be read ({error!r}): use another archive.") from error
        if told != content_hash(tables):
            raise ArchiveError(f"The archive's {MANIFEST} contradicts itself: it was changed. Use another archive.")
        return manifest


def content_hash(tables: dict[str, Table]) -> str:
    """Return one SHA-256 of all content rows."""
    told = [f"{name} {table.rows} {table.hash}" for name, table in sorted(tables.items())]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def open_database(path: Path) -> sqlite3.Connection:
    """Open an existing SQLite file. Raises ArchiveError if it is none, or is damaged."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=20, isolation_level=None)
    try:
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        verdict = str(error)
    if verdict != "ok":
        connection.close()
        raise ArchiveError(f"{path.name} is no sound SQLite database: {verdict}")
    return connection


def tables_of(path: Path) -> dict[str, Table]:
    """Return the content of a database, by table."""
    with closing(open_database(path)) as connection:
        return {name: _table(connection, name) for name in _content_tables(connection)}


def migrations_of(path: Path) -> list[list[str]]:
    """Return the migrations that are applied to a database."""
    with closing(open_database(path)) as connection:
        return [list(row) for row in connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name")]


def _content_tables(connection: sqlite3.Connection) -> Iterator[str]:
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
        if name in KEPT or not name.startswith(DERIVED):
            yield name


def _table(connection: sqlite3.Connection, name: str) -> Table:
    columns = connection.execute(f'PRAGMA table_info("{name}")').fetchall()
    names = sorted(column[1] for column in columns)
    keys = [column[1] for column in sorted(columns, key=lambda column: column[5]) if column[5]] or names
    selected, order = (", ".join(f'"{column}"' for column in some) for some in (names, keys))
    digest, count = hashlib.sha256(repr(names).encode()), 0
    for row in connection.execute(f'SELECT {selected} FROM "{name}" ORDER BY {order}'):
        digest.update(repr(row).encode())
        count += 1
    return Table(count, digest.hexdigest())
