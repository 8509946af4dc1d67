"""A key that hangs, or that ends every process which touches it, is given up after some attempts; its neighbours go on."""

import os
import subprocess
import sys
import threading
import time

import pytest
from django.conf import settings
from django.db import OperationalError, connection

from core.entries import registry
from library.models import Resource
from sync import deadline, projection
from sync.deadline import TooSlow, limited
from sync.drain import drain
from sync.models import Document, State
from sync.projection import MAX_ATTEMPTS, UNFINISHED, begin_carefully
from sync.projectors import projectors
from tests.databases import ROOT
from tests.sync.helpers import resource, titles


@pytest.fixture(autouse=True)
def _impatient(monkeypatch) -> None:
    monkeypatch.setattr(deadline, "LOOK", 0.02)
    monkeypatch.setattr(projection, "LIMIT", 0.3)
    monkeypatch.setattr(projection, "WRITE_LIMIT", 0.3)
    monkeypatch.setattr(projection, "_careful", 0)


def hang(*args: object) -> None:
    """Never return, unless somebody interrupts."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        pass


def drain_again_and_again() -> None:
    for _ in range(MAX_ATTEMPTS + 1):
        State.objects.update(retry_at=None)
        drain()


def sick_and_well() -> tuple[str, str]:
    """Make two resources that are projected together, and return their keys."""
    return tuple(f"resource:{resource(title).pk}" for title in ("Sick", "Well"))


def has_documents(key: str) -> bool:
    return Document.objects.filter(key=key, gone=False).exists()


# --- The limit -------------------------------------------------------------------------------------------------------
def test_whatever_thread_takes_too_long_meets_an_exception():
    met = []

    def work() -> None:
        try:
            with limited(0.2):
                hang()
        except TooSlow as error:
            met.append(str(error))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    work()
    for thread in threads:
        thread.join(20)
    assert len(met) == 3 and all(met)


def test_what_ends_in_time_is_left_alone_and_so_is_what_comes_after():
    for _ in range(100):
        with limited(0.05):
            pass
    with pytest.raises(TooSlow), limited(0.05):
        time.sleep(0.5)  # met when the call returns
    until = time.monotonic() + 0.2
    while time.monotonic() < until:
        pass
    assert not deadline._running


# --- A projection that hangs -----------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("step", ["entries", "rows"])
def test_a_content_that_hangs_is_parked_and_its_neighbour_is_found(monkeypatch, step):
    sick, well = sick_and_well()
    source = registry["resource"]
    real = getattr(type(source), step)

    def entries(self, row):
        return hang() if f"resource:{row.pk}" == sick else real(self, row)

    def rows(self, pks):
        return hang() if int(sick.partition(":")[2]) in pks else real(self, pks)

    monkeypatch.setattr(type(source), step, {"entries": entries, "rows": rows}[step])
    drain_again_and_again()
    state = State.objects.get(key=sick)
    assert state.parked and state.attempts == MAX_ATTEMPTS and "longer than" in state.reason
    assert has_documents(well) and not has_documents(sick)


@pytest.mark.django_db
@pytest.mark.parametrize("how", [hang, lambda *_: 1 / 0], ids=["hangs", "fails"])
def test_what_a_projector_cannot_do_is_parked_and_its_neighbour_is_found(monkeypatch, how):
    sick, well = sick_and_well()
    links = type(projectors()[0])
    real = links.project

    def project(self, batch, changes):
        return how() if sick in {each.key for each in batch} else real(self, batch, changes)

    monkeypatch.setattr(links, "project", project)
    drain_again_and_again()
    state = State.objects.get(key=sick)
    assert state.parked and state.attempts == MAX_ATTEMPTS and state.reason.startswith(("TooSlow", "ZeroDivision"))
    assert has_documents(well) and not has_documents(sick)


# --- A projection that ends its process ------------------------------------------------------------------------------
@pytest.mark.django_db
def test_an_attempt_is_counted_before_it_is_made_and_success_forgets_it(monkeypatch):
    sick, well = sick_and_well()
    seen = []
    real = projection._project
    monkeypatch.setattr(
        projection, "_project", lambda wants: seen.extend(State.objects.filter(key__in=wants)) or real(wants)
    )
    begin_carefully()
    assert titles() == {"Sick", "Well"}
    assert {sick, well} <= {state.key for state in seen}
    assert all(state.attempts == 1 and state.reason == UNFINISHED and not state.parked for state in seen)
    assert not State.objects.exclude(reason="", attempts=0, parked=False).exists()


@pytest.mark.django_db
def test_a_failure_of_a_careful_process_counts_once(monkeypatch):
    sick, well = sick_and_well()
    source = registry["resource"]
    real = type(source).entries
    monkeypatch.setattr(type(source), "entries", lambda self, row: 1 / 0 if row.title == "Sick" else real(self, row))
    for attempt in range(1, MAX_ATTEMPTS + 1):
        begin_carefully()
        State.objects.update(retry_at=None)
        drain()
        state = State.objects.get(key=sick)
        assert (state.attempts, state.parked) == (attempt, attempt == MAX_ATTEMPTS)
    assert "ZeroDivisionError" in state.reason and has_documents(well)


@pytest.mark.django_db
def test_a_database_that_is_busy_costs_no_attempt(monkeypatch):
    sick, _ = sick_and_well()

    def busy(built):
        raise OperationalError("database is locked")

    monkeypatch.setattr(projection, "_write", busy)
    for _ in range(MAX_ATTEMPTS + 1):
        begin_carefully()
        with pytest.raises(OperationalError):
            drain()
    assert not State.objects.exclude(reason="", attempts=0, parked=False).exists()
    monkeypatch.undo()
    assert titles() == {"Sick", "Well"}


SICK = """
import django, signal, time; django.setup()
from core.entries import registry
from library.models import Resource
from sync import projection
from sync.management.commands import drain as command
projection.MAX_ATTEMPTS, command.LIMIT, command.SLICE = 2, 2.0, 0.5
source = type(registry["resource"])
real = source.entries
def entries(self, row):
    if row.title == "Sick":
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        time.sleep(3600)  # in one call: no exception gets there
    return real(self, row)
source.entries = entries
"""
DRAIN = "from django.core.management import call_command; call_command('drain', forever={forever}, pause=0.01)"
WORKER = """
import sys
from django.conf import settings
settings.CELERY_TASK_TIME_LIMIT, settings.CELERY_TASK_SOFT_TIME_LIMIT = 2, 1
sys.argv = "celery --app gess worker --concurrency 1 --beat -s".split() + sys.argv[1:]
from celery.__main__ import main; sys.exit(main())
"""


def process(code: str, *arguments: str) -> subprocess.Popen:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "gess.settings.base", "LOG_LEVEL": "ERROR"}
    env["DATA_DIR"] = str(settings.DATA_DIR)
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def is_parked(key: str) -> bool:
    connection.close()
    State.objects.update(retry_at=None)
    return State.objects.filter(key=key, parked=True).exists()


@pytest.mark.django_db(transaction=True)
def test_a_key_that_hangs_the_drain_process_for_ever_is_parked_after_some_restarts():
    titles()
    sick, well = sick_and_well()
    connection.close()
    for _ in range(10):
        process(SICK + DRAIN.format(forever=True)).communicate(timeout=60)
        if is_parked(sick):
            break
    state = State.objects.get(key=sick)
    assert state.parked and state.attempts == 2 and state.reason == UNFINISHED
    rest = process(SICK + DRAIN.format(forever=False))
    output, _ = rest.communicate(timeout=60)
    assert rest.returncode == 0, output
    assert has_documents(well) and not has_documents(sick)


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_a_key_that_hangs_every_worker_is_parked_and_its_neighbour_is_found(tmp_path):
    sick, well = sick_and_well()
    connection.close()
    worker = process(SICK + WORKER, str(tmp_path / "beat"))
    try:
        until = time.monotonic() + 90
        while not (is_parked(sick) and has_documents(well)) and time.monotonic() < until:
            time.sleep(0.2)
    finally:
        worker.terminate()
        output, _ = worker.communicate(timeout=60)
    state = State.objects.get(key=sick)
    assert state.parked and state.attempts == 2 and state.reason == UNFINISHED, output
    assert has_documents(well)


HUNGRY = """
import resource
from pathlib import Path
import django; django.setup()
from django.db import DatabaseError, connection
from sync.drain import drain
from sync.models import State
State.objects.count()
size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (size + 100 * 2**20,) * 2)
for _ in range(8):
    try:
        State.objects.update(retry_at=None)
        drain()
    except DatabaseError:  # PostgreSQL's client gives the whole connection up
        connection.close()
"""


@pytest.mark.django_db(transaction=True)
def test_a_text_for_which_there_is_no_memory_is_parked_and_its_neighbour_is_found():
    titles()
    sick, well = sick_and_well()
    Resource.objects.filter(title="Sick").update(abstract="benefit " * 13_000_000)
    connection.close()
    work = process(HUNGRY)
    output, _ = work.communicate(timeout=120)
    assert work.returncode == 0, output
    state = State.objects.get(key=sick)
    assert state.parked and state.attempts == MAX_ATTEMPTS
    assert "MemoryError" in state.reason or state.reason == UNFINISHED
    assert has_documents(well) and not has_documents(sick)
