"""Throw-away databases for runs: nothing that is installed here is read or changed."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.databases import postgres_template, server, sqlite_template
from tests.services import postgres

ENGINES = ("sqlite", "postgresql", "elasticsearch")
Environment = dict[str, str]


@contextmanager
def own_database(engine: str, keep: Path | None = None) -> Iterator[Environment]:
    """Give the environment of a migrated database of its own; it is deleted afterwards.

    `sqlite` and `elasticsearch` use a file, in `keep` if given: that one stays, and is used as it is if it is there.
    `postgresql` uses a new database on the server of DATABASE_URL, or on a server started for it.
    """
    with ExitStack() as stack:
        folder = keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gess-relevance-")))
        folder.mkdir(parents=True, exist_ok=True)
        environment = {
            "DATA_DIR": str(folder),
            "DATABASE_URL": "",
            "REDIS_URL": "",
            "ELASTICSEARCH_URL": os.environ.get("ELASTICSEARCH_URL", "") if engine == "elasticsearch" else "",
            "SECRET_KEY": "only-for-measuring",
            "LOG_LEVEL": "WARNING",
        }
        if engine == "postgresql":
            url = os.environ.get("DATABASE_URL") or stack.enter_context(postgres())
            environment["DATABASE_URL"] = stack.enter_context(_postgres_database(url))
        elif not (folder / "gess.sqlite3").exists():
            shutil.copyfile(sqlite_template(), folder / "gess.sqlite3")
        yield environment


@contextmanager
def _postgres_database(url: str) -> Iterator[str]:
    name = f"gess_relevance_{os.getpid()}"
    template = postgres_template(url)
    with server(url) as run:
        run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
    finally:
        with server(url) as run:
            run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
