"""Points and switches name code that is there, and orders reach whom they are meant for."""

import os
import signal
import threading
from importlib import import_module

import pytest

from tests.faults import broken, points
from tests.faults.report import table


@pytest.fixture
def killed(monkeypatch, settings, tmp_path):
    """A process of role `worker` that notes its death instead of dying."""
    found: list[signal.Signals] = []
    settings.FAULTS_DIR, settings.FAULTS_ROLE = tmp_path, "worker"
    monkeypatch.setattr(os, "kill", lambda pid, sign: found.append(sign))
    return found


@pytest.mark.parametrize("name", points.FUNCTIONS)
def test_a_point_names_a_function_that_is_there(name):
    module, function, when = points.FUNCTIONS[name]
    assert callable(getattr(import_module(module), function))
    assert when in ("before", "after")


@pytest.mark.parametrize("name", broken.names())
def test_a_safeguard_can_be_switched_off(name, monkeypatch):
    wrapped = []
    monkeypatch.setattr(broken, "wrap", lambda module, function, make: wrapped.append((module, function)))
    monkeypatch.setattr(broken, "connection", type("Nowhere", (), {"introspection": _NoTables()}))
    broken.install([name])
    for module, function in wrapped:
        target = import_module(module)
        for part in function.split("."):
            target = getattr(target, part)
    assert wrapped


class _NoTables:
    def table_names(self) -> list[str]:
        return []


def test_an_unknown_safeguard_or_point_is_refused(tmp_path):
    with pytest.raises(ValueError, match="No safeguard 'belts'"):
        broken.install(["belts"])
    with pytest.raises(ValueError, match="no 'nowhere'"):
        points.order(tmp_path, "nowhere", "kill")
    with pytest.raises(ValueError, match="no 'tickle'"):
        points.order(tmp_path, "in_the_write", "tickle")


def test_an_order_is_taken_once_and_by_its_role(killed, tmp_path, settings):
    points.order(tmp_path, "in_the_write", "kill", "web")
    points.reach("in_the_write")
    assert killed == []
    points.order(tmp_path, "in_the_write", "kill", "worker")
    points.reach("after_read_before_write")
    assert killed == []
    points.reach("in_the_write")
    points.reach("in_the_write")
    assert killed == [signal.SIGKILL]
    assert points.taken(tmp_path, "in_the_write", "kill") == [os.getpid()]


def test_whoever_waits_goes_on_when_the_order_is_withdrawn(killed, tmp_path):
    points.order(tmp_path, "in_the_write", "hold")
    waiting = threading.Thread(target=points.reach, args=["in_the_write"], daemon=True)
    waiting.start()
    waiting.join(0.3)
    assert waiting.is_alive()
    assert points.taken(tmp_path, "in_the_write", "hold") == [os.getpid()]
    points.withdraw(tmp_path)
    waiting.join(5)
    assert not waiting.is_alive()
    assert killed == []


def test_a_replica_passes_its_points_and_answers_as_before(killed, tmp_path):
    class Replica:
        def put(self, *args):
            return "put"

        def serving(self):
            return 3

    watched = points.WatchedReplica(Replica())
    points.order(tmp_path, "after_ship_before_outbox_delete", "kill")
    assert (watched.put(1, []), watched.serving()) == ("put", 3)
    assert killed == [signal.SIGKILL]


def test_the_table_shows_what_held_and_what_did_not():
    verdicts = [
        {"number": 3, "name": "Redis lost", "way": "full", "good": False, "wrong": {"I1 durable": [], "I2 x": ["y"]}},
        {"number": 4, "name": "slow", "way": "full", "good": True, "wrong": {"I1 durable": []}},
    ]
    lines = [line.split() for line in table(verdicts).splitlines()]
    assert lines[1][-3:] == ["+", "X", "RED"]
    assert lines[2][-3:] == ["+", ".", "green"]
