"""`manage.py serve`: all that one machine needs to run GESS, in one command."""

import io
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from tqdm import tqdm

from gess.management.commands.demo_accounts import DEMO_ACCOUNTS, open_demo_accounts
from gess.messages import compile_messages
from gess.probe import ask
from sync.drain import drain
from sync.folding import is_pending

START = 60  # seconds that the web server may take until it answers
RESTART = 3  # seconds before the drain process is started anew
LOOPBACK = ("127.0.0.1", "::1", "localhost")
STOP = 10  # seconds that a process may take to end in order
DRAINER = ["manage.py", "drain", "--forever"]
Process = subprocess.Popen


class Command(BaseCommand):
    help = "Prepares the database, loads the content, and serves until stopped (Ctrl-C, SIGTERM)."
    requires_system_checks = ["__all__"]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: 8000)")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        refuse_taken_port(host, port)
        if settings.DEMO and host not in LOOPBACK:
            raise CommandError("Demo accounts have known passwords: unset DEMO, or listen on 127.0.0.1.")
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        logging.disable(logging.INFO)  # hundreds of lines about single pages would hide the progress
        self._prepare()
        logging.disable(logging.NOTSET)
        if host not in LOOPBACK and open_demo_accounts():
            raise CommandError(
                "There are demo accounts, whose passwords are known. Remove them before others can reach this:"
                " manage.py demo_accounts --remove"
            )
        connections.close_all()
        stop = threading.Event()
        for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(sign, lambda *_: stop.set())
        web, drainer = start(web_server(host, port), port), Restarted(DRAINER, port)
        try:
            self._watch(web, drainer, host, port, stop)
        finally:
            end([web, drainer.process])
        self.stdout.write("Stopped.")

    def _prepare(self) -> None:
        """Bring database, translations, content and demo accounts to the present code."""
        self._migrate()
        try:
            compile_messages(settings.LOCALE_PATHS)
        except ValueError as error:
            raise CommandError(str(error)) from error
        if not settings.EMPTY:
            self.stdout.write("Loading the content ...")
            try:
                call_command("load_content", stdout=self.stdout, stderr=self.stderr)
            except CommandError as error:
                self.stderr.write(self.style.WARNING(str(error)))  # the rest is served
        self._project()
        if settings.DEMO:
            call_command("demo_accounts", stdout=io.StringIO())

    def _migrate(self) -> None:
        """Run `migrate` also with nothing to apply: it installs the capture triggers and the roles of this code."""
        executor = MigrationExecutor(connection)
        steps = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        self.stdout.write(f"Preparing the database: {steps} steps ..." if steps else "Checking the database ...")
        with Bar(tqdm(total=steps, desc="steps", leave=False, disable=None if steps else True)) as bar:
            call_command("migrate", verbosity=1, interactive=False, no_color=True, stdout=bar)

    def _project(self) -> None:
        """Index what the content brought, so that the first visitor finds all of it."""
        with tqdm(desc="Indexing", unit=" entries", leave=False, disable=None) as bar:
            while is_pending():
                bar.update(drain(0.5))

    def _watch(self, web: Process, drainer: "Restarted", host: str, port: int, stop: threading.Event) -> None:
        """Tell when the server answers, then wait. Raises CommandError when it ends by itself, or never answers."""
        deadline = time.monotonic() + START
        told = False
        while not stop.wait(0.5 if told else 0.1):
            if web.poll() is not None:
                raise CommandError(f"The web server ended by itself (exit code {web.returncode}): see above.")
            if drainer.ended():
                self.stderr.write("The drain process ended by itself, starting it anew; readers' requests do its work.")
            if not told and answers(host, port):
                told = True
                self._tell(port)
            if not told and time.monotonic() > deadline:
                raise CommandError(
                    f"The web server is not ready after {START} seconds: see above, and http://{host}:{port}/health/ready"
                )

    def _tell(self, port: int) -> None:
        lines = ["", self.style.SUCCESS(f"GESS is at http://localhost:{port}/  (Ctrl-C stops it)")]
        if settings.DEMO:
            lines += [f"Log in as {email} with {password}" for email, (password, _) in DEMO_ACCOUNTS.items()]
            lines.append(f"Editors work at http://localhost:{port}/cms/")
        if "filebased" in settings.EMAIL_BACKEND:
            lines.append(f"Mails are written to {settings.MAIL_DIR}")
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


class Bar:
    """A stream for `migrate` that shows one step for each migration applied."""

    def __init__(self, bar: tqdm) -> None:
        self.bar = bar

    def __enter__(self) -> "Bar":
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.close()

    def write(self, text: str) -> None:
        self.bar.update(text.count(" OK"))

    def flush(self) -> None:
        self.bar.refresh()


def refuse_taken_port(host: str, port: int) -> None:
    """Raise CommandError if the server could not listen there: better now than after loading."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Cannot listen on {host}:{port} ({error.strerror}). Stop what runs there, or choose another port:"
                " make run PORT=8001"
            ) from error


def web_server(host: str, port: int) -> list[str]:
    """Return the arguments of Python that serve the site, with two processes: rendering uses both cores."""
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    server = ["-m", "gunicorn", "gess.wsgi", "--config", "python:gess.server", "--workers", "2", "--preload"]
    return [*server, "--bind", address]


def start(command: list[str], port: int) -> Process:
    """Start a process of ours. Signals reach it through us only."""
    env = {"SITE_URL": f"http://localhost:{port}", **os.environ}
    return subprocess.Popen([sys.executable, *command], cwd=settings.BASE_DIR, env=env, start_new_session=True)


class Restarted:
    """A process that is started anew whenever it ends, but not at once again and again."""

    def __init__(self, command: list[str], port: int) -> None:
        self._start = partial(start, command, port)
        self._again_at: float | None = None
        self.process = self._start()

    def ended(self) -> bool:
        """See to the process; say whether it has ended since the last look."""
        if self.process.poll() is None:
            return False
        if self._again_at is None:
            self._again_at = time.monotonic() + RESTART
            return True
        if time.monotonic() >= self._again_at:
            self._again_at, self.process = None, self._start()
        return False


def answers(host: str, port: int) -> bool:
    """Say whether the web server serves requests."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return ask(here, port, seconds=2)[0] == 200


def end(processes: Any) -> None:
    """Stop the processes in order; those that do not stop are killed."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + STOP
    for process in processes:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
