"""Work that waits while nothing is done is noticed; slow or failing work is not mistaken for it."""

import itertools
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from sync import watchdog
from sync.drain import drain
from sync.folding import mark
from sync.watchdog import Hearing, Watchdog, watch
from tests.databases import ROOT
from tests.sync.helpers import resource

pytestmark = pytest.mark.django_db


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_standing_still_is_measured_and_progress_starts_anew(clock, drained):
    drained()
    dog = Watchdog(clock)
    clock.now = 100
    assert dog.stuck_for() == 0, "nothing waits"
    mark(["resource:1"], "direct")
    assert dog.stuck_for() == 0
    clock.now = 120
    assert dog.stuck_for() == 20
    drain()
    mark(["resource:1"], "direct")
    assert dog.stuck_for() == 0, "something was projected meanwhile"
    clock.now = 125
    assert dog.stuck_for() == 5


def patient(monkeypatch, messages, **times):
    """Watch with short times, on a real clock, until it ends or half a second has passed; return whether it ended."""
    monkeypatch.setattr(watchdog, "PAUSE", times.get("pause", 0.01))
    monkeypatch.setattr(watchdog, "LIMIT", times.get("limit", 0.1))
    monkeypatch.setattr(watchdog, "DEAF", times.get("deaf", 60))
    monkeypatch.setattr(watchdog, "nudge", messages)
    ended, stop = [], threading.Event()
    timer = threading.Timer(1.0, stop.set)
    timer.start()
    watch(lambda: ended.append(True), stop, times.get("taken", lambda: 0))
    timer.cancel()
    return bool(ended)


def test_a_deaf_worker_ends(monkeypatch, drained, caplog):
    drained()
    mark(["resource:1"], "direct")
    assert patient(monkeypatch, lambda: True)
    assert "nothing was done for" in caplog.text


def test_a_worker_that_takes_no_message_ends_though_readers_project_everything(monkeypatch, drained, caplog):
    drained()
    assert patient(monkeypatch, lambda: True, deaf=0.2)
    assert "no message was taken" in caplog.text


def test_a_worker_that_takes_messages_stays(monkeypatch, drained):
    drained()
    assert not patient(monkeypatch, lambda: True, deaf=0.2, taken=itertools.count().__next__)


def test_nobody_hears_while_the_broker_is_away(monkeypatch, drained, clock):
    drained()
    assert not patient(monkeypatch, lambda: False, deaf=0.2)
    hearing = Hearing(lambda: 7, clock)
    clock.now = 50
    hearing.excuse()
    clock.now = 60
    assert hearing.deaf_for() == 10


def test_a_message_of_its_own_sets_work_going_where_only_beat_is_missing(monkeypatch, drained):
    drained()
    mark(["resource:1"], "direct")
    assert not patient(monkeypatch, lambda: bool(drain()) or True)


def test_a_worker_waits_for_a_broker_that_is_away(monkeypatch, drained, caplog):
    drained()
    mark(["resource:1"], "direct")
    assert not patient(monkeypatch, lambda: False)
    assert "the broker takes no messages" in caplog.text


def test_the_drain_process_ends_with_an_error_where_nothing_moves(monkeypatch, drained):
    """Here because projecting returns without doing anything, as with a lock that nobody lets go."""
    drained()
    mark(["resource:1"], "direct")
    monkeypatch.setattr("sync.management.commands.drain.drain", lambda seconds: 0)
    monkeypatch.setattr("sync.management.commands.drain.LIMIT", 0.2)
    handlers = {sign: signal.getsignal(sign) for sign in (signal.SIGTERM, signal.SIGINT)}
    try:
        with pytest.raises(CommandError, match="nothing was done for"):
            call_command("drain", forever=True, pause=0.01)
    finally:
        for sign, handler in handlers.items():
            signal.signal(sign, handler)


HANG = """
import django; django.setup()
import sync.management.commands.drain as command
import time
command.LIMIT, command.SLICE = 0.5, 0.5
def a_call_that_never_returns(seconds): time.sleep(60)
command.drain, command.is_pending = a_call_that_never_returns, lambda: True
from django.core.management import call_command
call_command("drain", forever=True, pause=0.01)
"""


def test_a_step_that_never_returns_ends_the_process_and_names_the_place():
    started = time.monotonic()
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "gess.settings.test"}
    done = subprocess.run([sys.executable, "-c", HANG], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and "a_call_that_never_returns" in done.stderr
    assert time.monotonic() - started < 55


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_a_worker_that_hears_nothing_is_ended_and_says_so():
    """A real worker whose queue is not the one that messages go to: alive, and deaf."""
    resource()
    connection.close()
    code = (
        "import django, sys; django.setup()\n"
        "from sync import watchdog; watchdog.PAUSE, watchdog.LIMIT = 0.2, 1.0\n"
        "sys.argv = 'celery --app gess worker --concurrency 1 --queues nobody'.split()\n"
        "from celery.__main__ import main; sys.exit(main())\n"
    )
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "gess.settings.test", "LOG_FORMAT": "json"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, timeout=90)
    assert done.returncode == 1, done.stderr
    assert "this worker ends" in done.stderr
