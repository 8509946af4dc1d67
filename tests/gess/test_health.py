"""Probes: what they say, what makes them fail, and that they reach us however they come."""

import datetime
import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings
from django.utils import timezone

from gess import health
from search.engines import database_engine
from sync import capture
from sync.folding import fold, mark
from sync.models import Dirty, State
from tests.databases import ROOT

pytestmark = pytest.mark.django_db


def ready(client, **extra):
    response = client.get("/health/ready", **extra)
    return response.status_code, response.json()


def test_all_is_well_after_migrating(client, drained):
    drained()
    status, told = ready(client)
    assert (status, told["state"]) == (200, "ok"), told
    parts = {"state", "database", "migrations", "triggers", "full_text", "backlog", "engine"}
    assert set(told) - {"disk"} == parts and all(told[part]["state"] == "ok" for part in parts - {"state"})
    assert told["backlog"] == {"state": "ok", "changes": 0, "keys": 0, "oldest_seconds": 0, "parked": 0}


@override_settings(SECURE_SSL_REDIRECT=True, ALLOWED_HOSTS=["gess.example.org"])
def test_probes_come_by_number_without_tls_and_leave_nothing(client):
    for path in ("/health/live", "/health/ready", "/health/ready/"):
        response = client.get(path, HTTP_HOST="10.1.2.3:8000")
        assert response.status_code == 200, path
        assert response["Cache-Control"] == "no-store" and not response.cookies and "Vary" not in response
    assert client.get("/robots.txt", HTTP_HOST="10.1.2.3:8000").status_code == 400, "others are still refused"
    assert client.post("/health/ready").status_code == 405
    assert client.get("/health/other", HTTP_HOST="gess.example.org").status_code == 301  # not ours: TLS first


def test_answering_needs_no_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/health/live").json() == {"state": "ok"}


def test_a_database_that_does_not_answer_is_told_without_its_address(client, monkeypatch):
    def fails(*args):
        raise OperationalError("connection to server at db.internal failed for user gess")

    monkeypatch.setattr(capture, "installed_triggers", fails)
    response = client.get("/health/ready")
    assert response.status_code == 503 and response.json()["database"]["state"] == "fault"
    assert "internal" not in response.text and client.get("/health/live").status_code == 200


def test_a_missing_trigger_is_a_fault_and_refuses_the_start(client):
    health.refuse_unfit_start()
    name, table = sorted(capture.installed_triggers(connection).items())[0]
    with connection.cursor() as cursor:
        capture._drop(cursor, connection.vendor, name, table)
    status, told = ready(client)
    assert status == 503 and told["triggers"] == {"state": "fault", "cure": health.MIGRATE, "missing": 1}
    with pytest.raises(ImproperlyConfigured, match="1 triggers .* run `manage.py migrate`"):
        health.refuse_unfit_start()
    capture.install(connection)
    assert ready(client)[0] == 200
    health.refuse_unfit_start()


def test_triggers_of_newer_code_hear_the_same_tables(client, monkeypatch):
    """During an upgrade old code runs beside the new set: its triggers do other things under other names."""
    declared = capture.declared_triggers(connection.vendor)
    monkeypatch.setattr(capture, "_named", lambda selects: f"SELECT NULL AS key WHERE 2 = 0 UNION {selects}")
    capture.install(connection)
    monkeypatch.undo()
    missing, surplus = capture.difference(connection)
    assert len(missing) == len(surplus) > len(declared) / 2
    assert ready(client)[0] == 200


def test_a_migration_to_apply_is_a_fault(client):
    MigrationRecorder(connection).record_unapplied("sync", max(n for a, n in health._known_migrations() if a == "sync"))
    status, told = ready(client)
    assert status == 503 and told["migrations"]["missing"][0].startswith("sync.")


def test_a_full_text_index_that_is_not_there_is_a_fault(client):
    database_engine().remove(connection)
    with connection.cursor() as cursor:
        for view in database_engine().marks(connection):
            cursor.execute(f"DROP VIEW {view}")
    status, told = ready(client)
    assert status == 503 and told["full_text"]["state"] == "fault"


def test_a_backlog_is_counted_and_dated_and_stops_nobody(client, drained):
    drained()
    mark(["resource:1", "resource:2"], "direct")
    Dirty.objects.filter(key="resource:1").update(at=timezone.now() - datetime.timedelta(hours=1))
    for expected in ({"changes": 2, "keys": 0}, {"changes": 0, "keys": 2}):
        status, told = ready(client)
        assert status == 200 and told["state"] == told["backlog"]["state"] == "attention"
        assert told["backlog"].items() >= expected.items() and 3590 < told["backlog"]["oldest_seconds"] < 3700
        fold()
    mark(["resource:1"], "direct")  # a later change does not make the first one younger
    fold()
    assert ready(client)[1]["backlog"]["oldest_seconds"] > 3590
    drained()
    assert ready(client)[1]["backlog"]["oldest_seconds"] == 0


def test_what_was_given_up_is_counted_and_is_no_backlog(client, drained):
    drained()
    State.objects.create(key="resource:9", want=1, parked=True, reason="ValueError: unreadable")
    status, told = ready(client)
    assert status == 200 and told["backlog"] == {
        "state": "ok", "changes": 0, "keys": 0, "oldest_seconds": 0, "parked": 1,
    }  # fmt: skip


@pytest.mark.embedded
def test_little_room_on_the_disk_is_told(client, monkeypatch):
    monkeypatch.setattr(health, "LITTLE_SPACE", 2**60)
    status, told = ready(client)
    assert status == 200 and told["disk"]["state"] == told["state"] == "attention"


def test_looking_is_cheap(client, drained, django_assert_max_num_queries):
    drained()
    ready(client)
    with django_assert_max_num_queries(12):
        ready(client)


@pytest.mark.embedded
def test_the_web_server_refuses_a_database_without_triggers(tmp_path):
    """As after a `migrate` that was killed: the tables are there, and nothing hears their changes."""
    env = {**os.environ, "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "gess.settings.base"}
    code = "import gess.wsgi"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 1 and "run `manage.py migrate`, then start again" in done.stderr


@pytest.mark.django_db(transaction=True)
def test_migrating_brings_the_triggers_back(client):
    capture.remove(connection)
    assert ready(client)[0] == 503
    call_command("migrate", verbosity=0, interactive=False)
    assert ready(client)[0] == 200
