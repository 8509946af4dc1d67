"""Servers of a run's own: PostgreSQL with databases of known sizes, a node of Elasticsearch.

Both are those of DATABASE_URL and ELASTICSEARCH_URL where these are set, else started for the run. A size is filled
once in a run and copied as a template; everything is dropped at the end.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks import stores
from benchmarks.relevance.databases import own_database
from tests.databases import server
from tests.services import elasticsearch, install


class PostgreSQL:
    """Databases on one server, all grown from one that holds the project's own content."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.base = urlsplit(url).path.lstrip("/")
        self.made: list[str] = []
        stores.fill(0, stores.environment(folder, url))

    def url_of(self, name: str) -> str:
        return urlsplit(self.url)._replace(path=f"/{name}").geturl()

    def copy(self, size: int, label: str) -> str:
        """Return the name of a new database with `size` generated resources."""
        return self._create(label, self._filled(size))

    def _filled(self, size: int) -> str:
        name = self._name(str(size))
        if name not in self.made:
            self._create(str(size), self.base)
            stores.fill(size, stores.environment(self.folder, self.url_of(name)))
        return name

    def _name(self, label: str) -> str:
        return f"{self.base}_{label}".replace("-", "_")

    def _create(self, label: str, template: str) -> str:
        name = self._name(label)
        with server(self.url) as run:
            run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        self.made.append(name)
        return name

    def drop(self) -> None:
        with server(self.url) as run:
            for name in self.made:
                run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """Give databases on a server."""
    with own_database("postgresql") as own:
        databases = PostgreSQL(own["DATABASE_URL"], Path(own["DATA_DIR"]))
        try:
            yield databases
        finally:
            databases.drop()


@contextmanager
def node() -> Iterator[stores.Environment]:
    """Give the settings of a node, with indices of the run's own."""
    with ExitStack() as stack:
        url = os.environ.get("ELASTICSEARCH_URL")
        if not url:
            install()
            url = stack.enter_context(elasticsearch())
        yield {"ELASTICSEARCH_URL": url, "ELASTICSEARCH_PREFIX": f"gess-bench-{os.getpid()}"}
