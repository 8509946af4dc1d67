"""One GESS with its servers, proxies and people, on which faults are played one after the other."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from gess.messages import compile_messages
from tests import services
from tests.databases import CACHE, ROOT, digest, only_one_process
from tests.faults import points, servers
from tests.faults.elastic import Node
from tests.faults.proxy import Proxy
from tests.faults.servers import Server, find
from tests.faults.site import Site, manage

SERVERS = (
    ("postgres", "DATABASE_URL", servers.postgres),
    ("redis", "REDIS_URL", servers.redis),
    ("elasticsearch", "ELASTICSEARCH_URL", servers.elasticsearch),
)
WEB, PROXIES = 18_100, 18_200  # the first ports to try


class Stage:
    """Servers and processes. `servers` and `proxies` are by name: postgres, redis, elasticsearch, as far as there are.

    `direct` is the environment of who looks at the servers past the proxies: the checker.
    """

    def __init__(self, way: str, broken: list[str]) -> None:
        self.way = way
        self.root = Path(tempfile.mkdtemp(prefix="gess-faults-"))
        self.root.chmod(0o755)
        self.points = self.root / "points"
        self.servers: dict[str, Server] = {}
        self.proxies: dict[str, Proxy] = {}
        self.writer: subprocess.Popen | None = None
        self.keep = False  # logs and journals, after something went wrong
        self.direct = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings", "DATA_DIR": str(self.root / "data"),
            "FAULTS_DIR": str(self.points), "SECRET_KEY": "only-for-faults", "LOG_LEVEL": "WARNING",
            "DATABASE_URL": "", "REDIS_URL": "", "ELASTICSEARCH_URL": "", "ELASTICSEARCH_PREFIX": "faults",
            "EMAIL_URL": "", "DEMO": "0", "EMPTY": "0",
        }  # fmt: skip
        self.broken = ",".join(broken)
        for folder in (self.points, self.root / "data" / "static"):
            folder.mkdir(parents=True)

    def open(self) -> None:
        """Start the servers of this way and make the database; `play` starts the processes."""
        proxied = {}
        if self.full:
            for name, variable, make in SERVERS:
                server, url = make(self.root)
                server.start()
                self.servers[name], self.direct[variable] = server, url
                port = services.free_port(PROXIES + len(self.proxies))
                self.proxies[name] = Proxy(port, server.port)
                parts = urlsplit(url)
                proxied[variable] = parts._replace(netloc=f"{parts.netloc.rpartition(':')[0]}:{port}").geturl()
        self._make_database()
        self.env = {**self.direct, **proxied, "FAULTS_BROKEN": self.broken}
        self.port = services.free_port(WEB)
        self.site = Site(self.root, self.env, self.port)

    @property
    def full(self) -> bool:
        return self.way == "full"

    @property
    def node(self) -> Node | None:
        """Elasticsearch, past its proxy."""
        return Node(self.direct["ELASTICSEARCH_URL"]) if self.direct["ELASTICSEARCH_URL"] else None

    def heal(self) -> None:
        """End every fault: servers run, proxies forward to them, nobody is held, all processes work."""
        for name, server in self.servers.items():
            if not server.runs():
                server.start()
            self.proxies[name].upstream = server.port
            self.proxies[name].heal()
        points.withdraw(self.points)
        self.play()

    def play(self) -> None:
        """Start what is not running, and wait until the web server answers."""
        self.site.start()
        self.site.wait_for_web()

    def close(self) -> None:
        """Stop everything and throw it away."""
        self._end_writer()
        if hasattr(self, "site"):
            self.site.kill()
        for proxy in self.proxies.values():
            proxy.close()
        for server in self.servers.values():
            server.kill()
        if not self.keep:
            shutil.rmtree(self.root, ignore_errors=True)
            return
        for path in self.root.iterdir():
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
        sys.stdout.write(f"Logs and journals are kept in {self.root}\n")

    # --- The writer ----------------------------------------------------------------------------------------------
    def start_writing(self, journal: Path, seed: str, pause: float = 0.1) -> None:
        if self.writer is None or self.writer.poll() is not None:
            with (self.root / "writer.log").open("ab") as log:
                self.writer = subprocess.Popen(
                    [sys.executable, "-m", "tests.faults.writing"], cwd=ROOT, env={**self.env, "FAULTS_ROLE": "writer"},
                    text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, start_new_session=True,
                )  # fmt: skip
        self._tell({"journal": str(journal), "seed": seed, "pause": pause})

    def stop_writing(self) -> dict[str, int]:
        """Return how many writes were acknowledged and how many refused; nothing if the writer was killed."""
        if self.writer is None or self.writer.poll() is not None:
            return {}
        return self._tell({"stop": True})

    def kill_writer(self) -> None:
        self._end_writer()

    def _tell(self, order: dict) -> dict:
        self.writer.stdin.write(json.dumps(order) + "\n")
        self.writer.stdin.flush()
        answer = self.writer.stdout.readline()
        if not answer:
            raise RuntimeError(f"The writer ended:\n{(self.root / 'writer.log').read_text()[-3000:]}")
        return json.loads(answer)

    def _end_writer(self) -> None:
        if self.writer is not None:
            self.writer.kill()
            self.writer.wait()
            self.writer = None

    # --- The database --------------------------------------------------------------------------------------------
    def _make_database(self) -> None:
        """Migrate, or take the copy of an earlier run of the same code."""
        compile_messages([ROOT / "locale"])  # texts of the interface are part of some entries
        with only_one_process():
            cached = CACHE / f"faults-{self.way}-{digest('*/**/*.py')}"
            if self.full:
                self._make_postgres(cached)
            else:
                file = self.root / "data" / "gess.sqlite3"
                if cached.exists():
                    shutil.copyfile(cached, file)
                else:
                    self._migrate()
                    shutil.copyfile(file, cached)
            for old in sorted(CACHE.glob("faults-*"), key=lambda path: path.stat().st_mtime)[:-4]:
                old.unlink()

    def _make_postgres(self, cached: Path) -> None:
        url = self.direct["DATABASE_URL"]
        self.make_empty_database()
        if cached.exists():
            restore = [find("pg_restore"), "--no-owner", "-d", url, str(cached)]
            subprocess.run(restore, check=True, stdout=subprocess.DEVNULL)
            return
        self._migrate()
        subprocess.run([find("pg_dump"), "-Fc", "-f", str(cached), url], check=True)

    def make_empty_database(self) -> None:
        """Put an empty database in the place of the one there may be."""
        for statement in ("DROP DATABASE IF EXISTS gess WITH (FORCE)", "CREATE DATABASE gess"):
            command = [find("psql"), "-q", _server(self.direct["DATABASE_URL"]), "-c", statement]
            subprocess.run(command, check=True, env={**os.environ, "PGOPTIONS": "-c client_min_messages=warning"})

    def _migrate(self) -> None:
        for command in (["migrate", "--verbosity=0"], ["drain"]):
            manage(self.direct, *command)


def _server(url: str) -> str:
    return urlsplit(url)._replace(path="/postgres").geturl()


@contextmanager
def stage(way: str, broken: list[str]) -> Iterator[Stage]:
    """Give a stage with its database made; whatever happens, all that it started is stopped."""
    made = Stage(way, broken)
    try:
        made.open()
        yield made
    finally:
        made.close()
