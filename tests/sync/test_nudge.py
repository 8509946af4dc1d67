"""The workers are told after a request that wrote, and a dead broker delays nobody."""

import socket
import time

import pytest
from django.http import HttpResponse
from django.test import RequestFactory, override_settings

from sync import nudge
from sync.middleware import NudgeMiddleware
from sync.models import Dirty

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch):
    monkeypatch.setattr(nudge, "_paused_until", 0.0)


@pytest.fixture
def sent(monkeypatch):
    messages = []
    monkeypatch.setattr("sync.middleware.nudge", lambda: messages.append("drain"))
    return messages


def answer(method: str, write: bool) -> None:
    def view(request):
        if write:
            Dirty.objects.create(key="resource:1", cause="direct")
        return HttpResponse()

    NudgeMiddleware(view)(RequestFactory().generic(method, "/"))


@override_settings(REDIS_URL="redis://localhost:1/0")
def test_one_message_after_an_unsafe_request_that_wrote(sent):
    answer("POST", write=False)
    answer("GET", write=True)
    Dirty.objects.all().delete()
    assert sent == []
    answer("POST", write=True)
    assert sent == ["drain"]


@override_settings(REDIS_URL="")
def test_no_message_where_no_worker_is(sent):
    answer("POST", write=True)
    assert sent == []
    assert nudge.nudge() is False


@pytest.fixture
def silent_port():
    """A port that takes connections and never answers."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_refusing_or_silent_broker_costs_no_time_and_is_left_alone_for_a_while(silent_port, monkeypatch, caplog):
    for port in (1, silent_port):
        monkeypatch.setattr(nudge, "_paused_until", 0.0)
        broker = f"redis://127.0.0.1:{port}/0"
        with override_settings(REDIS_URL=broker):
            started = time.monotonic()
            assert nudge.nudge() is False
            assert time.monotonic() - started < 2.0  # two time-outs, on a busy machine
            assert "broker does not answer" in caplog.text
            started = time.monotonic()
            assert nudge.nudge() is False  # paused: not even tried
            assert time.monotonic() - started < 0.1


@pytest.mark.full
def test_a_message_reaches_redis():
    assert nudge.nudge() is True
