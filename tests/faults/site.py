"""The processes of one GESS: web server, workers, beat, writer; started, killed and watched."""

import http.client
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.databases import ROOT
from tests.faults.servers import descendants, signalled

START = 90  # seconds that a process may take to be ready, on a busy machine
STOP = 15


class Site:
    """GESS as users run it, one process of each name. Output goes to a log of each."""

    def __init__(self, folder: Path, env: dict[str, str], port: int) -> None:
        self.folder, self.env, self.port = folder, env, port
        self.processes: dict[str, subprocess.Popen] = {}
        self.full = bool(env.get("REDIS_URL"))
        web = ["-m", "gunicorn", "gess.wsgi", "--config", "python:gess.server", "--workers", "2", "--preload"]
        web += ["--bind", f"127.0.0.1:{port}", "--timeout", "60"]
        worker = ["-m", "celery", "--app", "gess", "worker", "--concurrency", "1", "--loglevel", "WARNING"]
        worker += ["--without-gossip", "--without-mingle"]
        beat = ["-m", "celery", "--app", "gess", "beat", "--schedule", str(folder / "beat"), "--loglevel", "WARNING"]
        self.commands = {"web": web}
        if self.full:
            self.commands |= {"worker1": [*worker, "-n", "one@%h"], "worker2": [*worker, "-n", "two@%h"], "beat": beat}
        else:
            self.commands["drain"] = ["manage.py", "drain", "--forever"]

    @property
    def background(self) -> list[str]:
        """The names of all processes but the web server."""
        return [name for name in self.commands if name != "web"]

    def start(self, *names: str) -> None:
        """Start these, or all; those that run are left alone."""
        for name in names or self.commands:
            if not self.runs(name):
                with (self.folder / f"{name}.log").open("ab") as log:
                    self.processes[name] = subprocess.Popen(
                        [sys.executable, *self.commands[name]],
                        cwd=ROOT, env={**self.env, "FAULTS_ROLE": name.rstrip("12")}, stdout=log, stderr=log, start_new_session=True,
                    )  # fmt: skip

    def runs(self, name: str) -> bool:
        return name in self.processes and self.processes[name].poll() is None

    def wait_for_web(self) -> None:
        """Wait until the web server answers. Raises RuntimeError with its log."""
        deadline = time.monotonic() + START
        while self.status("/robots.txt") != 200:
            if not self.runs("web") or time.monotonic() > deadline:
                log = (self.folder / "web.log").read_text(errors="replace")
                raise RuntimeError(f"The web server does not answer:\n{log[-3000:]}")
            time.sleep(0.1)

    def status(self, path: str) -> int:
        """Return the status of an answer; 0 if there is none."""
        session = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            session.request("GET", path, headers={"Host": "localhost"})
            return session.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            session.close()

    def kill(self, *names: str) -> None:
        """Kill these, or all, with their children, without a warning."""
        for name in names or list(self.processes):
            process = self.processes[name]
            for pid in [process.pid, *descendants(process.pid)]:
                signalled(pid, signal.SIGKILL)
            process.wait()

    def kill_a_child(self, name: str) -> bool:
        """Kill the youngest child of a process: a task or a request ends in its middle."""
        children = descendants(self.processes[name].pid)
        return bool(children) and signalled(children[-1], signal.SIGKILL)

    def stop(self) -> None:
        """Stop all in order; those that do not stop are killed."""
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP
        for name, process in self.processes.items():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.kill(name)

    def log(self, name: str) -> str:
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""


def managing(env: dict[str, str], *arguments: str) -> subprocess.Popen:
    """Start a management command that may be killed."""
    return subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip


def manage(env: dict[str, str], *arguments: str, expect: int = 0) -> str:
    """Run a management command to its end and return what it printed. Raises RuntimeError."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        cwd=ROOT, env={**os.environ, **env}, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    if done.returncode != expect:
        raise RuntimeError(f"manage.py {' '.join(arguments)} gave {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr
