"""PostgreSQL, Redis and Elasticsearch of their own, that are stopped, killed and started again with their data."""

import os
import secrets
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests import services

WAIT = 240  # seconds that a server may take to start or to stop, on a busy machine


@dataclass
class Server:
    """A server on the loopback that keeps its folder over its lives."""

    name: str
    port: int
    folder: Path
    command: list[str]
    ready: Callable[[], bool]
    who: dict = field(default_factory=dict)  # arguments of Popen: user, environment
    gentle: signal.Signals = signal.SIGTERM
    process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start it and wait until it answers. Raises RuntimeError with its log."""
        log = self.folder.parent / f"{self.name}.log"
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command, stdout=output, stderr=output, start_new_session=True, **{"cwd": self.folder, **self.who}
            )
        deadline = time.monotonic() + WAIT
        while not self.ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} did not start:\n{log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.05)

    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Stop it in order."""
        self._end(self.gentle)

    def kill(self) -> None:
        """Kill it and all its children, as a power cut does."""
        for pid in descendants(self.process.pid) if self.process else []:
            signalled(pid, signal.SIGKILL)
        self._end(signal.SIGKILL)

    def _end(self, sign: signal.Signals) -> None:
        if self.runs():
            self.process.send_signal(sign)
            try:
                self.process.wait(WAIT)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None


def descendants(pid: int) -> list[int]:
    """Return the process's children and theirs, the nearest first."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue  # it ended meanwhile
        parents.setdefault(parent, []).append(int(stat.parent.name))
    found = list(parents.get(pid, []))
    for child in found:
        found += parents.get(child, [])
    return found


def signalled(pid: int, sign: signal.Signals) -> bool:
    """Send a signal; False if the process has ended."""
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        return False
    return True


def postgres(root: Path) -> tuple[Server, str]:
    """Return a PostgreSQL that has its first data, not started, and the address of a database `gess` to be made."""
    folder, port, password = root / "postgres", services.free_port(15_632), secrets.token_hex(8)
    folder.mkdir()
    (root / "password").write_text(password)
    who: dict = {}
    if os.geteuid() == 0:  # initdb refuses root
        who = {"user": "postgres", "group": "postgres", "extra_groups": []}
        root.chmod(0o755)
        for path in (folder, root / "password"):
            shutil.chown(path, "postgres", "postgres")
    access = ["-A", "scram-sha-256", "-U", "postgres", f"--pwfile={root / 'password'}"]
    initialise = [find("initdb"), "-D", str(folder / "data"), "--no-sync", "-E", "UTF8", "--locale=C.UTF-8", *access]
    subprocess.run(initialise, check=True, stdout=subprocess.DEVNULL, cwd=folder, **who)
    # What is acknowledged is in the log of a killed server: the operating system's cache outlives processes.
    settings = {
        "listen_addresses": "127.0.0.1", "unix_socket_directories": folder, "max_connections": 80,
        "fsync": "off", "synchronous_commit": "on", "full_page_writes": "off",
    }  # fmt: skip
    command = [find("postgres"), "-D", str(folder / "data"), "-p", str(port)]
    command += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    url = f"postgresql://postgres:{password}@127.0.0.1:{port}/gess"
    probe = [find("psql"), "-qAt", url.replace("/gess", "/postgres"), "-c", "SELECT 1"]

    def ready() -> bool:
        return subprocess.run(probe, check=False, capture_output=True).returncode == 0

    return Server("postgres", port, folder, command, ready, who, signal.SIGINT), url


def redis(root: Path) -> tuple[Server, str]:
    """Return a Redis that writes every command down, not started, and its address."""
    folder, port = root / "redis", services.free_port(16_479)
    folder.mkdir()
    command = [find("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    command += ["--save", "", "--appendonly", "yes", "--maxmemory-policy", "noeviction"]
    return Server("redis", port, folder, command, lambda: services.redis_answers(port)), f"redis://127.0.0.1:{port}/0"


def elasticsearch(root: Path) -> tuple[Server, str]:
    """Return a node of Elasticsearch, not started, and its address. As root it runs as user `nobody`."""
    folder, port = root / "elasticsearch", services.free_port(19_400)
    home = folder / "home"
    shutil.copytree(services.fetch_elasticsearch(), home)
    settings = {
        "discovery.type": "single-node", "network.host": "127.0.0.1", "http.port": port,
        "transport.port": services.free_port(port + 100), "xpack.security.enabled": "false",
        "path.data": folder / "data", "path.logs": folder / "logs", "path.repo": folder / "snapshots",
        "action.auto_create_index": "false", "cluster.routing.allocation.disk.threshold_enabled": "false",
    }  # fmt: skip
    lines = "".join(f"{name}: {value}\n" for name, value in settings.items())
    (home / "config" / "elasticsearch.yml").write_text(lines)
    (home / "config" / "jvm.options.d").mkdir(exist_ok=True)
    java = Path(find("java")).resolve().parents[1]
    env = {
        **os.environ,
        "ES_JAVA_HOME": java,
        "ES_JAVA_OPTS": "-Xms512m -Xmx512m -XX:TieredStopAtLevel=1",
        "HOME": folder,
    }
    who: dict = {"env": env}
    if os.geteuid() == 0:  # it refuses root
        root.chmod(0o755)
        who |= {"user": "nobody", "group": "nogroup", "extra_groups": []}
        subprocess.run(["chown", "-R", "nobody:nogroup", folder], check=True)
    url = f"http://127.0.0.1:{port}"

    def ready() -> bool:
        try:
            with urllib.request.urlopen(f"{url}/_cluster/health?wait_for_status=yellow", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    return Server("elasticsearch", port, folder, [str(home / "bin" / "elasticsearch")], ready, who), url


def find(program: str) -> str:
    path = services.find(program)
    if path is None:
        raise RuntimeError(f"{program} is not installed. Run: python -m tests.services install")
    return str(path)
