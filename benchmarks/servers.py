"""Servers of a run: PostgreSQL with databases of known sizes, a node of Elasticsearch.

Both are those of DATABASE_URL and ELASTICSEARCH_URL where these are set, else started for the run. On a server that
stays, databases of known sizes stay too (`gess_bench_*`), until the code that makes their tokens changes.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks import stores
from tests.databases import migrate, postgres_template, server
from tests.services import elasticsearch, install, postgres

PREFIX = "gess_bench_"


class PostgreSQL:
    """Databases on one server: of known sizes, and copies of these for the run."""

    def __init__(self, url: str, folder: Path) -> None:
        """`url` names the server and its user; `folder` is for what is no database."""
        self.url, self.folder = url, folder
        self.copies: list[str] = []

    def url_of(self, name: str) -> str:
        return urlsplit(self.url)._replace(path=f"/{name}").geturl()

    def copy(self, size: int, label: str) -> str:
        """Return the name of a new database with `size` generated resources."""
        name = f"{PREFIX}run_{os.getpid()}_{label}".replace("-", "_")
        self._create(name, self._database(size))
        self.copies.append(name)
        return name

    def _database(self, size: int) -> str:
        """Return the name of the database with `size` generated resources, built if it is not there."""
        name = f"{PREFIX}{size}_{stores.version(size)}"
        env = stores.environment(self.folder, self.url_of(name))
        with server(self.url) as run:
            if run("SELECT 1 FROM pg_database WHERE datname = %s", name):
                migrate(env)
                return name
        draft = f"{PREFIX}draft_{os.getpid()}"
        self._create(draft, self._database(0) if size else postgres_template(self.url))
        stores.fill(size, {**env, "DATABASE_URL": self.url_of(draft)})
        with server(self.url) as run:
            run(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')
        return name

    def _create(self, name: str, template: str) -> None:
        with server(self.url) as run:
            run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def drop(self) -> None:
        """Drop the run's copies."""
        with server(self.url) as run:
            for name in self.copies:
                run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def postgresql(folder: Path) -> Iterator[PostgreSQL]:
    """Give databases on a server."""
    os.environ.setdefault("SECRET_KEY", "only-for-measuring")  # templates are made by processes that want one
    with ExitStack() as stack:
        databases = PostgreSQL(os.environ.get("DATABASE_URL") or _started(postgres, stack), folder)
        stack.callback(databases.drop)
        yield databases


@contextmanager
def node() -> Iterator[stores.Environment]:
    """Give the settings of a node, with indices of the run's own."""
    with ExitStack() as stack:
        url = os.environ.get("ELASTICSEARCH_URL") or _started(elasticsearch, stack)
        yield {"ELASTICSEARCH_URL": url, "ELASTICSEARCH_PREFIX": f"gess-bench-{os.getpid()}"}


def _started(service: Callable[[], AbstractContextManager[str]], stack: ExitStack) -> str:
    install()
    return stack.enter_context(service())
