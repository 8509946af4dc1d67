"""The servers that tests need, private and thrown away afterwards.

    python -m tests.services install                 install the missing Debian packages (as root)
    python -m tests.services run -- pytest ...       run a command with DATABASE_URL and REDIS_URL of fresh servers

Needs nothing but the standard library.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

PACKAGES = {"initdb": "postgresql", "redis-server": "redis-server", "chromium": "chromium"}
POSTGRES_PORT, REDIS_PORT = 15432, 16379  # the first to try; below 32768, from where on the system gives ports away
START = 30  # seconds that a server may take to start or to stop


def find(program: str) -> Path | None:
    """Return where a program is; PostgreSQL's servers live outside PATH on Debian."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name))
    path = os.pathsep.join([*map(str, versions), os.environ.get("PATH", os.defpath)])
    found = shutil.which(program, path=path)
    return Path(found) if found else None


def install() -> None:
    """Install what is missing. Raises SystemExit with what to do where that is not possible."""
    missing = [package for program, package in PACKAGES.items() if not find(program)]
    if not missing:
        return
    command = f"apt-get install -y {' '.join(missing)}"
    if not shutil.which("apt-get") or os.geteuid() != 0:
        sys.exit(f"The tests need {', '.join(missing)}. Install them first; on Debian, as root:\n  {command}")
    say(f"installing {', '.join(missing)} (once, some minutes)")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-q"], check=True, env=env)
    subprocess.run(["apt-get", "install", "-y", "-q", "--no-install-recommends", *missing], check=True, env=env)


def say(text: str) -> None:
    print(f"tests.services: {text}", flush=True)


def free_port(first: int) -> int:
    """Return `first`, or the next port that nobody listens on: an earlier run may have left a server behind."""
    for port in range(first, first + 200):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    sys.exit(f"All ports from {first} to {first + 199} are taken: stop what listens there.")


@contextmanager
def postgres() -> Iterator[str]:
    """Run a PostgreSQL of its own on the loopback and give its address. As root it runs as user `postgres`."""
    folder = Path(tempfile.mkdtemp(prefix="gess-postgres-"))
    password, port, data = secrets.token_hex(8), free_port(POSTGRES_PORT), folder / "data"
    who = {"cwd": folder}
    (folder / "password").write_text(password)
    if os.geteuid() == 0:  # initdb refuses root
        who |= {"user": "postgres", "group": "postgres", "extra_groups": []}
        for path in (folder, folder / "password"):
            shutil.chown(path, "postgres", "postgres")
    access = ["-A", "scram-sha-256", "-U", "postgres", f"--pwfile={folder / 'password'}"]
    initialise = [find("initdb"), "-D", data, "--no-sync", "-E", "UTF8", "--locale=C.UTF-8", *access]
    settings = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": folder,
        "max_connections": 60,
        # Nothing needs to outlive a crash of this server, so it never waits for the disk.
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
    }
    command = [find("postgres"), "-D", data, "-p", str(port)]
    command += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    probe = [find("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]

    def ready() -> bool:
        return subprocess.run(probe, check=False).returncode == 0

    try:
        subprocess.run(initialise, check=True, stdout=subprocess.DEVNULL, **who)
        with serving("PostgreSQL", command, signal.SIGINT, ready, who):
            say(f"PostgreSQL on port {port}")
            yield f"postgresql://postgres:{password}@127.0.0.1:{port}/gess"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def redis() -> Iterator[str]:
    """Run a Redis of its own on the loopback and give its address."""
    port = free_port(REDIS_PORT)
    with tempfile.TemporaryDirectory(prefix="gess-redis-", ignore_cleanup_errors=True) as folder:
        command = [find("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--dir", folder]
        command += ["--save", "", "--appendonly", "yes"]
        with serving("Redis", command, signal.SIGTERM, lambda: redis_answers(port), {"cwd": folder}):
            say(f"Redis on port {port}")
            yield f"redis://127.0.0.1:{port}/0"


def redis_answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as session:
            session.sendall(b"PING\r\n")
            return session.recv(16).startswith(b"+PONG")
    except OSError:
        return False


@contextmanager
def serving(name: str, command: list, stop: signal.Signals, ready: Callable[[], bool], who: dict) -> Iterator[None]:
    """Keep a server running while the block does. Raises SystemExit with its log when it does not start."""
    with tempfile.TemporaryFile("w+") as log:
        # A session of its own: Ctrl-C reaches the tests, which stop it in order.
        server = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, **who)
        try:
            deadline = time.monotonic() + START
            while not ready():
                if server.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    sys.exit(f"{name} did not start:\n{log.read()}")
                time.sleep(0.05)
            yield
        finally:
            if server.poll() is None:
                server.send_signal(stop)
                server.wait(START)
            say(f"{name} stopped")


def run(command: list[str]) -> int:
    """Run a command with fresh servers and return its exit code; they are stopped whatever happens."""
    with ExitStack() as stack:
        env = {
            **os.environ,
            "DATABASE_URL": stack.enter_context(postgres()),
            "REDIS_URL": stack.enter_context(redis()),
        }
        return subprocess.run(command, env=env, check=False).returncode


def main(arguments: list[str]) -> int:
    """Do what the command line says; Ctrl-C and SIGTERM still stop the servers."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    match arguments:
        case ["install"]:
            install()
            return 0
        case ["run", "--", *command] if command:
            install()
            return run(command)
    sys.exit(__doc__)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
