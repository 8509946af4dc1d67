"""Test databases copied from a migrated template, and put back to it after tests that commit.

Migrating takes some twenty seconds, copying milliseconds. Flushing tables, as Django does, would also lose what
migrations write: Wagtail's root page, its locales, our roles.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / "var" / "test-cache"
KEPT = 4  # SQLite templates of earlier code that stay: branches are switched back and forth


class SqliteDatabase:
    """The worker's file. `restore` puts back what `create` or the last `keep` found."""

    def __init__(self) -> None:
        self.baseline = sqlite3.connect(":memory:", check_same_thread=False)

    def create(self) -> None:
        with closing(sqlite3.connect(sqlite_template())) as template:
            template.backup(self.baseline)
        self.restore()

    def keep(self) -> None:
        connection.ensure_connection()
        connection.connection.backup(self.baseline)

    def restore(self) -> None:
        connection.ensure_connection()
        self.baseline.backup(connection.connection)

    def drop(self) -> None:
        connection.close()
        self.baseline.close()


class PostgresDatabase:
    """The worker's database on a server."""

    def __init__(self) -> None:
        self.url = settings.DATABASE_URL
        self.name = urlsplit(self.url).path.lstrip("/")

    def create(self) -> None:
        self.template = postgres_template(self.url)
        self.restore()

    def restore(self) -> None:
        connection.close()
        with server(self.url) as run:
            run(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
            run(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}"')

    def drop(self) -> None:
        connection.close()
        with server(self.url) as run:
            run(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


def own_database() -> SqliteDatabase | PostgresDatabase:
    """Return this process's test database, not created yet."""
    return PostgresDatabase() if settings.DATABASE_URL else SqliteDatabase()


def sqlite_template() -> Path:
    """Return a migrated, drained file of the present code, made at most once whichever worker comes first."""
    schema, code = digest("*/migrations/*.py", "*/roles.py"), digest("*/**/*.py")
    wanted = CACHE / f"{schema}-{code}.sqlite3"
    with only_one_process():
        if not wanted.exists():
            with tempfile.TemporaryDirectory(dir=CACHE) as folder:
                draft = Path(folder) / "gess.sqlite3"
                earlier = newest(f"{schema}-*.sqlite3")
                if earlier:
                    shutil.copyfile(earlier[0], draft)
                migrate({"DATA_DIR": folder, "DATABASE_URL": "", "REDIS_URL": ""})
                draft.rename(wanted)
            for old in newest("*.sqlite3")[KEPT:]:
                old.unlink()
    return wanted


def postgres_template(url: str) -> str:
    """Return the name of a migrated, drained database of the present code on the server."""
    name = f"gess_template_{digest('*/**/*.py')}"
    with only_one_process(), server(url) as run:
        if not run("SELECT 1 FROM pg_database WHERE datname = %s", name):
            run('DROP DATABASE IF EXISTS "gess_template_draft" WITH (FORCE)')
            run('CREATE DATABASE "gess_template_draft"')
            migrate({"DATABASE_URL": urlsplit(url)._replace(path="/gess_template_draft").geturl()})
            run(f'ALTER DATABASE "gess_template_draft" RENAME TO "{name}"')
    return name


def migrate(environment: dict[str, str]) -> None:
    """Bring the database of `environment` to the present code, with nothing left to project."""
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "gess.settings.base",
        "LOG_LEVEL": "WARNING",
        "ELASTICSEARCH_URL": "",
    }
    env |= environment
    for command in (["migrate", "--verbosity=0"], ["drain"]):
        done = subprocess.run(
            [sys.executable, ROOT / "manage.py", *command], env=env, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"manage.py {command[0]} failed on the template database:\n{done.stdout}{done.stderr}")


def digest(*patterns: str) -> str:
    """Return a short hash of the project's files that match, and of the installed versions."""
    files = {file for pattern in patterns for file in ROOT.glob(pattern)}
    whole = hashlib.sha256(sys.version.encode())
    for file in sorted(files | set(ROOT.glob("requirements*.txt"))):
        folder = file.relative_to(ROOT).parts[0]
        if folder not in ("tests", "var", ".venv"):
            whole.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return whole.hexdigest()[:12]


def newest(pattern: str) -> list[Path]:
    return sorted(CACHE.glob(pattern), key=lambda file: file.stat().st_mtime, reverse=True)


@contextmanager
def only_one_process() -> Iterator[None]:
    """Let one worker work while the others wait."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def server(url: str) -> Iterator:
    """Give a function that runs one statement on the server, outside any transaction, and returns its rows."""
    with psycopg.connect(urlsplit(url)._replace(path="/postgres").geturl(), autocommit=True) as session:

        def run(statement: str, *parameters: str) -> list:
            cursor = session.execute(statement, parameters or None)
            return cursor.fetchall() if cursor.description else []

        yield run
