"""The servers that tests need, private and thrown away afterwards.

    python -m tests.services install                 install what is missing: Debian packages (as root), Elasticsearch
    python -m tests.services run -- pytest ...       run a command with fresh servers, named in DATABASE_URL, REDIS_URL and
                                                     ELASTICSEARCH_URL

Needs nothing but the standard library.
"""

import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

PACKAGES = {
    "initdb": "postgresql",
    "redis-server": "redis-server",
    "chromium": "chromium",
    "java": "openjdk-17-jre-headless",
    "mvn": "maven",
}
# The first to try; below 32768, from where on the system gives ports away.
POSTGRES_PORT, REDIS_PORT, ELASTIC_PORT = 15432, 16379, 19200
START = 120  # seconds that a server may take to start or to stop, on a busy machine
ELASTIC_VERSION = "8.19.16"
# The server itself, as its makers publish it for integration tests: without the modules that GESS does not need.
ELASTIC_ARTIFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{ELASTIC_VERSION}:zip"
# Tests are short: compiling for speed, and touching all memory beforehand, would take longer than they do.
ELASTIC_JAVA = "-Xms512m -Xmx512m -XX:TieredStopAtLevel=1 -XX:-AlwaysPreTouch"
ELASTIC_SHA256 = "c3d95992e27741b33a8057118379cda8b17cfda9e46ff4ec25e3f5b94fc22b52"
MAVEN_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"
CACHE = Path(__file__).resolve().parents[1] / "var" / "test-cache"


def find(program: str) -> Path | None:
    """Return where a program is; PostgreSQL's servers live outside PATH on Debian."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name))
    path = os.pathsep.join([*map(str, versions), os.environ.get("PATH", os.defpath)])
    found = shutil.which(program, path=path)
    return Path(found) if found else None


def install() -> None:
    """Install what is missing. Raises SystemExit with what to do where that is not possible."""
    missing = [package for program, package in PACKAGES.items() if not find(program)]
    if missing:
        install_packages(missing)
    fetch_elasticsearch()


def install_packages(missing: list[str]) -> None:
    command = f"apt-get install -y {' '.join(missing)}"
    if not shutil.which("apt-get") or os.geteuid() != 0:
        sys.exit(f"The tests need {', '.join(missing)}. Install them first; on Debian, as root:\n  {command}")
    say(f"installing {', '.join(missing)} (once, some minutes)")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-q"], check=True, env=env)
    subprocess.run(["apt-get", "install", "-y", "-q", "--no-install-recommends", *missing], check=True, env=env)


def fetch_elasticsearch() -> Path:
    """Return the unpacked server, fetched from Maven Central once. Raises SystemExit if that fails again and again."""
    home = CACHE / f"elasticsearch-{ELASTIC_VERSION}"
    if home.is_dir():
        return home
    CACHE.mkdir(parents=True, exist_ok=True)
    say(f"fetching Elasticsearch {ELASTIC_VERSION} (once, 105 MB)")
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        command = [find("mvn"), "-q", "-B", MAVEN_COPY, f"-Dartifact={ELASTIC_ARTIFACT}", f"-DoutputDirectory={folder}"]
        for pause in (2, 10, 30, 0):
            if subprocess.run(command, check=False).returncode == 0:
                break
            time.sleep(pause)
        else:
            sys.exit(f"Elasticsearch could not be fetched. Try by hand:\n  {' '.join(map(str, command))}")
        fetched = next(Path(folder).glob("*.zip"))
        if hashlib.sha256(fetched.read_bytes()).hexdigest() != ELASTIC_SHA256:
            sys.exit(f"{ELASTIC_ARTIFACT} is not the file that was tested with: its SHA-256 differs.")
        with zipfile.ZipFile(fetched) as archive:
            archive.extractall(folder)
        unpacked = next(path for path in Path(folder).iterdir() if path.is_dir())
        for program in (unpacked / "bin").iterdir():
            program.chmod(0o755)
        unpacked.rename(home)
    return home


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


@contextmanager
def elasticsearch() -> Iterator[str]:
    """Run an Elasticsearch node of its own on the loopback and give its address. As root it runs as user `nobody`."""
    folder = Path(tempfile.mkdtemp(prefix="gess-elastic-"))
    # It takes seconds until a node binds its ports: two that start together must not choose the same ones.
    home, port = folder / "home", free_port(ELASTIC_PORT + 2 * (os.getpid() % 4_000))
    shutil.copytree(fetch_elasticsearch(), home)
    settings = {
        "discovery.type": "single-node",
        "network.host": "127.0.0.1",
        "http.port": port,
        "transport.port": free_port(port + 1),
        "cluster.name": folder.name,
        "xpack.security.enabled": "false",
        "path.data": folder / "data",
        "path.logs": folder / "logs",
        "action.auto_create_index": "false",
        "cluster.routing.allocation.disk.threshold_enabled": "false",
    }
    (home / "config" / "elasticsearch.yml").write_text(
        "".join(f"{name}: {value}\n" for name, value in settings.items())
    )
    (home / "config" / "jvm.options.d").mkdir(exist_ok=True)
    java = find("java").resolve().parents[1]
    who: dict = {
        "cwd": folder,
        "env": {**os.environ, "ES_JAVA_HOME": java, "ES_JAVA_OPTS": ELASTIC_JAVA, "HOME": folder},
    }
    if os.geteuid() == 0:  # it refuses root
        who |= {"user": "nobody", "group": "nogroup", "extra_groups": []}
        subprocess.run(["chown", "-R", "nobody:nogroup", folder], check=True)

    def ready() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_cluster/health", timeout=2) as answer:
                return json.load(answer)["cluster_name"] == folder.name
        except (OSError, ValueError):
            return False

    try:
        with serving("Elasticsearch", [home / "bin" / "elasticsearch"], signal.SIGTERM, ready, who):
            say(f"Elasticsearch on port {port}")
            yield f"http://127.0.0.1:{port}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
            "ELASTICSEARCH_URL": stack.enter_context(elasticsearch()),
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
