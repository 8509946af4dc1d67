"""What is logged of a request, and what never is."""

import json
import logging
import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import RequestFactory

from gess import logs
from gess.settings.logs import configuration
from tests.databases import ROOT


@pytest.fixture
def lines(monkeypatch):
    """Log as the full way does, and give the lines. However busy this machine is, nothing counts as slow."""
    monkeypatch.setattr(logs, "SLOW", float("inf"))
    written = []

    class Kept(logging.Handler):
        def emit(self, record):
            written.append(self.format(record))

    handler = Kept()
    handler.setFormatter(logs.JsonFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    before = logs.logger.level
    logs.logger.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in written if "\n" not in line]
    logs.logger.setLevel(before)
    root.removeHandler(handler)


def serve(view, path="/en/library/", **extra):
    return logs.RequestLogMiddleware(view)(RequestFactory().get(path, **extra))


@pytest.mark.django_db
def test_one_line_for_a_request_and_no_word_of_the_question(client, lines):
    response = client.get(
        "/en/search/?q=pregnant+domestic+worker", HTTP_USER_AGENT="Reader/1.0", REMOTE_ADDR="10.9.8.7"
    )
    (line,) = [line for line in lines() if line["logger"] == "gess.logs"]
    assert line["status"] == 200 and line["method"] == "GET" and line["path"] == "/en/search/"
    assert line["milliseconds"] > 0 and line["level"] == "INFO" and line["activity"] == response["X-Request-ID"]
    told = json.dumps(lines())
    assert "pregnant" not in told and "Reader" not in told and "10.9.8.7" not in told


def test_what_is_logged_meanwhile_carries_the_same_number(lines):
    def view(request):
        logging.getLogger("library").warning("inside")
        return HttpResponse()

    first, second = serve(view), serve(view)
    inside = [line["activity"] for line in lines() if line["message"] == "inside"]
    assert inside == [first["X-Request-ID"], second["X-Request-ID"]] and len(set(inside)) == 2
    logging.getLogger("library").warning("outside")
    assert "activity" not in lines()[-1]


@pytest.mark.parametrize(
    ("given", "taken"), [("proxy-1234567", True), ("short", False), ("x" * 65, False), ('a"b\nc-and-more', False)]
)
def test_the_number_of_a_proxy_is_taken_if_it_is_one(given, taken):
    assert (serve(lambda request: HttpResponse(), HTTP_X_REQUEST_ID=given)["X-Request-ID"] == given) is taken


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/accounts/password/reset/key/2-c0ffee-secret/", "/accounts/password/reset/key/..."),
        ("/accounts/confirm-email/Mg:1abc:secret/", "/accounts/confirm-email/..."),
        ("/en/library/\r\nforged/", "/en/library/%0D%0Aforged/"),
    ],
)
def test_keys_to_accounts_and_forged_lines_are_not_written(lines, path, shown):
    request = RequestFactory().get("/")
    request.path = request.path_info = path
    logs.RequestLogMiddleware(lambda request: HttpResponse())(request)
    (line,) = lines()
    assert line["path"] == shown and "secret" not in json.dumps(line)


def test_style_sheets_and_scripts_are_not_worth_a_line(lines):
    serve(lambda request: HttpResponse(), "/static/css/gess.css")
    assert lines() == []


def test_a_slow_request_is_warned_of(lines, monkeypatch):
    monkeypatch.setattr(logs, "SLOW", -1.0)
    serve(lambda request: HttpResponse())
    (line,) = lines()
    assert line["level"] == "WARNING" and line["message"].startswith("slow: GET /en/library/ 200")


@pytest.mark.django_db
def test_a_failure_is_logged_with_its_traceback_and_without_its_question(client, lines, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("search.views.before_read", lambda: 1 / 0, raising=False)
    monkeypatch.setattr("gess.views.reverse", lambda *args: 1 / 0)
    assert client.get("/?q=pregnant").status_code == 500
    failure = next(line for line in lines() if line["level"] == "ERROR")
    assert "ZeroDivisionError" in failure["traceback"] and "pregnant" not in json.dumps(lines())


def run(code, **environment):
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "gess.settings.test", **environment}
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True)


SPEAK = "import django; django.setup(); import logging; logging.getLogger('x').warning('heard'); "
ASK = "from gess import logs; print(logs.logger.isEnabledFor(logging.INFO), logs.logger.isEnabledFor(logging.WARNING))"


def test_processes_write_json_where_it_is_asked_for():
    done = run(SPEAK + ASK, LOG_FORMAT="json")
    assert json.loads(done.stderr)["message"] == "heard" and done.stdout.split() == ["True", "True"]
    done = run(SPEAK + ASK, LOG_FORMAT="text")
    assert done.stderr.rstrip().endswith("WARNING x: heard") and done.stdout.split() == ["False", "True"]


def test_an_unknown_format_is_refused_with_the_known_ones():
    with pytest.raises(ImproperlyConfigured, match="LOG_FORMAT is 'xml': set it to one of text, json"):
        configuration("xml", "INFO")


def test_celery_leaves_logging_alone():
    code = (
        "import json, logging, gess.celery as c; c.app.log.setup_logging_subsystem(loglevel='INFO', logfile=None); "
        "logging.getLogger('celery.app.trace').info('every second'); logging.getLogger('celery.worker').warning('heard')"
    )
    done = run("import django; django.setup(); " + code, LOG_FORMAT="json")
    assert [json.loads(line)["message"] for line in done.stderr.splitlines()] == ["heard"]
