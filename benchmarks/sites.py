"""The site inside this process, and the databases that it looks at. Needs Django set up.

Requests go straight to the WSGI application: neither a server nor a socket stands in either arm, so that ratios to the
empty view come out stricter than behind a server.
"""

import gc
import gzip
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.pairing import RefusedError
from benchmarks.urls import EMPTY

ASSET = re.compile(r'<(?:link[^>]+rel="stylesheet"[^>]+href|script[^>]+src)="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes  # as it went over the line

    @property
    def text(self) -> str:
        packed = self.headers.get("Content-Encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()


class Site:
    """The WSGI application, asked as a visitor's browser would."""

    def __init__(self) -> None:
        settings.ROOT_URLCONF = "benchmarks.urls"
        settings.ALLOWED_HOSTS = ["localhost"]
        self.application = get_wsgi_application()
        gc.collect()
        gc.freeze()  # as `gess.wsgi` does

    def get(self, address: str) -> Answer:
        """Ask for an address. Raises RefusedError unless it answers 200: an error page is quickly made."""
        answer = self.ask(address)
        if answer.status != 200:
            raise RefusedError(f"{address} answers {answer.status}: nothing to measure.")
        return answer

    def ask(self, address: str) -> Answer:
        """Ask for an address and return whatever it answers."""
        parts = urlsplit(address)
        started: list[Any] = []
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": parts.path, "QUERY_STRING": parts.query, "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost",
            "HTTP_ACCEPT_ENCODING": "gzip", "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(), "wsgi.version": (1, 0),
            "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
        }  # fmt: skip
        result = self.application(environ, lambda status, headers: started.extend((status, headers)))
        try:
            body = b"".join(result)
        finally:
            result.close()
        return Answer(int(started[0][:3]), dict(started[1]), body)

    def empty(self, _number: int = 0) -> None:
        self.ask(EMPTY)

    def statements(self, address: str) -> int:
        """Return how many SQL statements a warm answer takes."""
        self.get(address)
        with CaptureQueriesContext(connection) as queries:
            self.get(address)
            return len(queries)

    def first_view(self, address: str) -> int:
        """Return the compressed bytes of a page with the style sheets and scripts that it names."""
        page = self.get(address)
        return len(page.body) + sum(len(self.get(url).body) for url in dict.fromkeys(ASSET.findall(page.text)))


@contextmanager
def page_cache(on: bool) -> Iterator[None]:
    """Switch the page cache on, empty, or off."""
    from sync.page_cache import store

    store.clear()
    before, settings.PAGE_CACHE = settings.PAGE_CACHE, on
    try:
        yield
    finally:
        settings.PAGE_CACHE = before
        store.clear()


class Databases:
    """Databases that one process looks at in turn: switching exchanges the open connection, which costs nothing.

    They are given by label, as Django's setting NAME says it: a file of SQLite, a database of PostgreSQL's server.
    """

    def __init__(self, names: dict[str, str]) -> None:
        self._main = next(iter(names))
        self._open = {}
        connection.settings_dict["CONN_MAX_AGE"] = None  # a request that closed its connection would find another one
        for label, name in names.items():
            connection.close()
            connection.settings_dict["NAME"] = name
            connection.ensure_connection()
            self._open[label], connection.connection = connection.connection, None
        connection.settings_dict["NAME"] = names[self._main]
        self.use(self._main)

    def use(self, name: str) -> None:
        connection.connection = self._open[name]

    @contextmanager
    def using(self, name: str) -> Iterator[None]:
        self.use(name)
        try:
            yield
        finally:
            self.use(self._main)

    def close(self) -> None:
        for raw in self._open.values():
            raw.close()
        connection.connection = None
