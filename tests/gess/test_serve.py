"""`manage.py serve` as a user starts it: real processes, a folder of its own."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

import pytest

from gess.settings.test import WORKER
from tests.databases import ROOT, sqlite_template
from tests.services import free_port

pytestmark = pytest.mark.embedded
PORT = 18000 + 100 * int(WORKER)  # each worker looks for free ports where no other does


class Served:
    """A running `serve`, its port and what it has printed so far."""

    def __init__(self, folder, **environment):
        self.port = free_port(PORT)
        self.log = folder / "log"
        env = {
            **{name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
            "DATA_DIR": str(folder),
            "EMPTY": "1",
            "DEMO": "1",
            **environment,
        }
        command = [sys.executable, "manage.py", "serve", "--port", str(self.port)]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)

    def wait_for(self, text, seconds=60):
        deadline = time.monotonic() + seconds
        while text not in self.log.read_text():
            assert time.monotonic() < deadline and self.process.poll() is None, self.log.read_text()
            time.sleep(0.1)

    def get(self, path):
        session = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        session.request("GET", path)
        return session.getresponse()

    def children(self):
        listed = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)], capture_output=True, text=True
        )
        return {line.split(None, 1)[1]: int(line.split()[0]) for line in listed.stdout.splitlines()}


@pytest.fixture
def serve(tmp_path, django_db_setup):
    started = []

    def start(**environment):
        shutil.copyfile(sqlite_template(), tmp_path / "empty.sqlite3")
        started.append(Served(tmp_path, **environment))
        return started[-1]

    yield start
    for served in started:
        served.process.terminate()
        served.process.wait(30)


def is_free(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_serves_tells_the_log_ins_and_stops(serve):
    served = serve()
    served.wait_for("GESS is at")
    told = served.log.read_text()
    assert f"http://localhost:{served.port}/" in told
    assert "editor@example.org" in told and "member@example.org" in told
    assert served.get("/robots.txt").status == 200
    assert served.get("/accounts/login/").status == 200
    assert served.get(f"/accounts/login/?next={'x' * 6000}").status == 200, "long addresses are not refused"
    assert any("drain" in command for command in served.children())
    log = [line for line in served.log.read_text().splitlines() if "slow:" not in line]
    assert not any("GET" in line or "/accounts/login/" in line for line in log), "every request is not for this screen"
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(30) == 0
    assert is_free(served.port)


def test_a_drain_process_that_dies_is_started_anew_and_reading_goes_on(serve):
    served = serve()
    served.wait_for("GESS is at")
    drainer = next(pid for command, pid in served.children().items() if "drain" in command)
    os.kill(drainer, signal.SIGKILL)
    served.wait_for("The drain process ended by itself")
    assert served.get("/health/ready").status == 200
    deadline = time.monotonic() + 30
    while not any("drain" in command for command in served.children()):
        assert time.monotonic() < deadline, served.children()
        time.sleep(0.2)
    assert served.process.poll() is None


def test_a_web_server_that_dies_ends_the_command_with_an_error(serve):
    served = serve()
    served.wait_for("GESS is at")
    os.kill(next(pid for command, pid in served.children().items() if "gunicorn" in command), signal.SIGKILL)
    assert served.process.wait(30) == 1
    assert "The web server ended by itself" in served.log.read_text()
    assert not any("drain" in command for command in served.children()), "the drain process was stopped too"


def run(folder, *arguments, **environment):
    env = {**os.environ, "DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "gess.settings.base", **environment}
    return subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, capture_output=True, text=True)


def test_a_taken_port_is_refused_before_anything_is_prepared(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = run(tmp_path, "serve", "--port", port)
    assert done.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{port}" in done.stderr and "make run PORT=" in done.stderr
    assert not (tmp_path / "gess.sqlite3").exists()


def test_known_passwords_are_not_offered_to_others(tmp_path, django_db_setup):
    shutil.copyfile(sqlite_template(), tmp_path / "empty.sqlite3")
    public = ("serve", "--host", "0.0.0.0", "--port", str(free_port(PORT)))
    done = run(tmp_path, *public, EMPTY="1", DEMO="1")
    assert done.returncode == 1 and "unset DEMO" in done.stderr
    assert run(tmp_path, "demo_accounts", EMPTY="1", DEMO="1").returncode == 0
    done = run(tmp_path, *public, EMPTY="1")
    assert done.returncode == 1 and "demo_accounts --remove" in done.stderr
