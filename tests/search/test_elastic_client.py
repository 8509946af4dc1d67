"""The connection to Elasticsearch: who we say we are, whom we trust, and what is not Elasticsearch's answer."""

import json
import socket
import ssl
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from gess.checks import check_combination
from search.engines.base import EngineDown
from search.engines.elastic.engine import ElasticsearchEngine
from search.engines.elastic.replica import ElasticsearchReplica
from search.engines.replica import ReplicaDown

COUNTED = {"aggregations": {"stems": {"buckets": {"pension": {"doc_count": 7}}}}}


class Node(ThreadingHTTPServer):
    """Answers every request alike, and keeps the headers that it was sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.answer, self.product, self.pause = 200, json.dumps(COUNTED), "Elasticsearch", 0.0
        self.asked: list[dict[str, str]] = []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Node

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append({name.lower(): value for name, value in self.headers.items()})
        time.sleep(self.server.pause)
        body = self.server.answer.encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if self.server.product:
            self.send_header("X-Elastic-Product", self.server.product)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_POST

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the tests look at what was asked."""


@pytest.fixture
def serve(settings) -> Iterator[Callable[..., Node]]:
    """Give a function that starts a node, behind a certificate if given one, and makes it ours."""
    started: list[Node] = []

    def start(certificate: tuple[Path, Path] | None = None) -> Node:
        node = Node()
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            node.socket = context.wrap_socket(node.socket, server_side=True)
        threading.Thread(target=node.serve_forever, daemon=True).start()
        started.append(node)
        settings.ELASTICSEARCH_URL = f"http{'s' * bool(certificate)}://localhost:{node.server_port}"
        return node

    yield start
    for node in started:
        node.shutdown()
        node.server_close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> tuple[Path, Path]:
    """A certificate for localhost that signs itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    made, key = folder / "certificate.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", made]
    subprocess.run(command, check=True, capture_output=True)
    return made, key


def count() -> dict[str, int]:
    return ElasticsearchEngine().frequencies(["pension"], "public")


def test_without_settings_nobody_logs_in(serve):
    node = serve()
    assert count() == {"pension": 7}
    assert "authorization" not in node.asked[0]


def test_user_and_password(serve, settings):
    node = serve()
    settings.ELASTICSEARCH_USER, settings.ELASTICSEARCH_PASSWORD = "gess", "täglich:neu"
    count()
    assert node.asked[0]["authorization"] == f"Basic {b64encode('gess:täglich:neu'.encode()).decode()}"


def test_an_api_key(serve, settings):
    node = serve()
    settings.ELASTICSEARCH_API_KEY = "aWQ6a2V5"
    count()
    assert node.asked[0]["authorization"] == "ApiKey aWQ6a2V5"


def test_a_certificate_of_an_unknown_authority_is_not_trusted(serve, certificate):
    node = serve(certificate)
    with pytest.raises(EngineDown, match="(?i)certificate"):
        count()
    assert node.asked == []


def test_the_authority_that_the_settings_name_is_trusted(serve, certificate, settings):
    serve(certificate)
    settings.ELASTICSEARCH_CA_CERTS = str(certificate[0])
    assert count() == {"pension": 7}


def test_a_fingerprint_is_compared(serve, certificate, settings):
    serve(certificate)
    shown = subprocess.run(
        ["openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in", certificate[0]], capture_output=True, text=True
    )
    settings.ELASTICSEARCH_FINGERPRINT = shown.stdout.strip().partition("=")[2]
    assert count() == {"pension": 7}
    settings.ELASTICSEARCH_FINGERPRINT = "00" * 32
    with pytest.raises(EngineDown, match="(?i)fingerprint"):
        count()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503])
def test_whatever_is_no_answer_lets_the_database_answer(serve, status):
    node = serve()
    node.status, node.answer = status, json.dumps({"error": {"type": "some", "reason": "reason"}, "status": status})
    with pytest.raises(EngineDown):
        count()
    assert len(node.asked) == 1, "asked again"
    if status != 404:
        with pytest.raises(ReplicaDown):
            ElasticsearchReplica().refresh(1)


@pytest.mark.parametrize(("product", "answer"), [("", json.dumps(COUNTED)), ("Elasticsearch", "<html>Sign in</html>")])
def test_another_server_is_not_taken_for_elasticsearch(serve, product, answer):
    node = serve()
    node.product, node.answer = product, answer
    with pytest.raises(EngineDown):
        count()


def test_a_reader_does_not_wait_for_a_node_that_hangs(serve, monkeypatch):
    monkeypatch.setattr("search.engines.elastic.engine.SEARCH_TIMEOUT", 0.2)
    node = serve()
    node.pause = 20
    started = time.monotonic()
    with pytest.raises(EngineDown, match="(?i)time"):
        count()
    assert time.monotonic() - started < 10
    assert len(node.asked) == 1


def test_another_node_answers_for_one_that_is_down(serve, settings):
    node = serve()
    with socket.socket() as taken:  # bound and not listening: whoever connects is refused
        taken.bind(("127.0.0.1", 0))
        down = f"http://127.0.0.1:{taken.getsockname()[1]}"
        settings.ELASTICSEARCH_URL = f"{down}, {settings.ELASTICSEARCH_URL}"
        assert [count() for _ in range(4)] == [{"pension": 7}] * 4
    assert len(node.asked) == 4


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, set()),
        ({"URL": "http://one:9200"}, set()),
        ({"URL": "https://one:9200, https://[::1]:9200/path", "API_KEY": "k", "FINGERPRINT": "ab"}, set()),
        ({"URL": "https://one:9200", "USER": "u", "PASSWORD": "p", "CA_CERTS": __file__}, set()),
        ({"URL": "https://one:9200", "USER": "u", "PASSWORD": "p", "API_KEY": "k"}, {"gess.E005"}),
        ({"URL": "https://one:9200", "USER": "u"}, {"gess.E006"}),
        ({"URL": "https://one:9200", "PASSWORD": "p"}, {"gess.E006"}),
        ({"URL": "https://one:9200,http://two:9200", "FINGERPRINT": "ab"}, {"gess.E007"}),
        ({"CA_CERTS": __file__}, {"gess.E007"}),
        ({"URL": "https://one"}, {"gess.E008"}),
        ({"URL": "one:9200"}, {"gess.E008"}),
        ({"URL": "https://user:password@one:9200"}, {"gess.E008"}),
        ({"URL": "https://one:9200", "CA_CERTS": __file__, "FINGERPRINT": "ab"}, {"gess.E009"}),
        ({"URL": "https://one:9200", "CA_CERTS": "/nowhere.pem"}, {"gess.E010"}),
    ],
)
def test_settings_that_contradict_each_other_are_refused(settings, given, expected):
    settings.DATABASE_URL, settings.REDIS_URL = "postgresql://localhost/gess", "redis://localhost"
    settings.DEMO = False
    for name, value in given.items():
        setattr(settings, f"ELASTICSEARCH_{name}", value)
    assert {message.id for message in check_combination()} == expected


def test_the_client_is_not_imported_before_it_is_needed():
    program = (
        "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'gess.settings.test'; django.setup();"
        "import search.views, gess.urls; print('elasticsearch' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert shown.stdout.strip() == "False", shown.stderr
