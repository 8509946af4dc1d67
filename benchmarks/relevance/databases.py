"""Throw-away databases for runs: nothing that is installed here is read or changed."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.databases import postgres_template, server, sqlite_template
from tests.services import elasticsearch, install, postgres

ENGINES = ("sqlite", "postgresql", "elasticsearch")
Environment = dict[str, str]


@contextmanager
def own_database(engine: str, keep: Path | None = None) -> Iterator[Environment]:
    """Give the environment of a migrated database of its own; it is deleted afterwards.

    `sqlite` and `elasticsearch` use a file, in `keep` if given: that one stays, and is used as it is if it is there.
    `postgresql` uses a new database on the server of DATABASE_URL, `elasticsearch` indices of its own on the node of
    ELASTICSEARCH_URL; without these, a server is started for the run.
    """
    os.environ.setdefault("SECRET_KEY", "only-for-measuring")  # templates are made by processes that want one
    with ExitStack() as stack:
        folder = keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gess-relevance-")))
        folder.mkdir(parents=True, exist_ok=True)
        environment = {
            "DATA_DIR": str(folder),
            "DATABASE_URL": "",
            "REDIS_URL": "",
            "ELASTICSEARCH_URL": "",
            "ELASTICSEARCH_PREFIX": f"gess-relevance-{os.getpid()}",
            "LOG_LEVEL": "WARNING",
        }
        if engine == "elasticsearch":
            environment["ELASTICSEARCH_URL"] = os.environ.get("ELASTICSEARCH_URL") or _started(elasticsearch, stack)
        if engine == "postgresql":
            url = os.environ.get("DATABASE_URL") or _started(postgres, stack)
            environment["DATABASE_URL"] = stack.enter_context(_postgres_database(url))
        elif not (folder / "gess.sqlite3").exists():
            shutil.copyfile(sqlite_template(), folder / "gess.sqlite3")
        yield environment


def _started(service: Callable[[], AbstractContextManager[str]], stack: ExitStack) -> str:
    install()
    return stack.enter_context(service())


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
