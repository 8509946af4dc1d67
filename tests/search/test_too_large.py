"""Requests that are too large for the server, or for a proxy before it, go in smaller ones; one document cannot."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from search import generations, shipping
from search.engines.elastic.replica import ElasticsearchReplica
from search.engines.replica import Outcome
from search.models import Outbox, Target
from search.outbox import enqueue
from sync.drain import drain
from sync.models import Document
from tests.sync.helpers import resource

LIMIT = 20_000  # bytes
REFUSALS = {
    "a node": ("application/json", {"X-Elastic-Product": "Elasticsearch"}, ""),
    "a proxy": ("text/html", {}, "<html><h1>413 Request Entity Too Large</h1></html>"),
}


class Small(ThreadingHTTPServer):
    """Takes bulk requests of up to `LIMIT` bytes and says that all was written; keeps the ids by request."""

    daemon_threads = True

    def __init__(self, refusal: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.refusal, self.requests = REFUSALS[refusal], []
        self.refused = 0


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Small

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if len(body) > LIMIT:
            self.server.refused += 1
            self._answer(413, *self.server.refusal)
            return
        ids = [json.loads(line)["index"]["_id"] for line in body.splitlines()[::2]]
        self.server.requests.append(ids)
        items = [{"index": {"_id": doc_id, "status": 200}} for doc_id in ids]
        answer = json.dumps({"took": 1, "errors": False, "items": items})
        self._answer(200, "application/json", {"X-Elastic-Product": "Elasticsearch"}, answer)

    do_POST = do_PUT

    def _answer(self, status: int, kind: str, headers: dict[str, str], text: str) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Type": kind, "Content-Length": str(len(text))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the tests look at the requests."""


@pytest.fixture(params=REFUSALS)
def server(request, settings) -> Iterator[Small]:
    made = Small(request.param)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    settings.ELASTICSEARCH_URL = f"http://127.0.0.1:{made.server_port}"
    yield made
    made.shutdown()
    made.server_close()


def documents(*words: int) -> list[Document]:
    made = []
    for pk, count in enumerate(words, 1):
        made.append(
            Document(id=f"public:resource:{pk}:en", key=f"resource:{pk}", audience="public", version=1, bucket=1)
        )
        made[-1].body_stems = "word " * count
    return made


def test_what_is_too_large_together_goes_in_halves(server):
    given = documents(*[500] * 40)
    outcomes = ElasticsearchReplica().put(1, given)
    assert outcomes == {each.id: Outcome("done") for each in given}
    assert sorted(doc_id for ids in server.requests for doc_id in ids) == sorted(outcomes), "each was sent once"
    assert server.refused and len(server.requests) < len(given), "not one by one"


def test_a_document_that_is_too_large_alone_is_refused_and_its_neighbours_pass(server):
    given = documents(10, 20, 10_000, 10, 10)
    outcomes = ElasticsearchReplica().put(1, given)
    assert [outcomes[each.id].kind for each in given] == ["done", "done", "refused", "done", "done"]
    assert "413" in outcomes[given[2].id].reason


@pytest.mark.django_db
def test_it_is_parked_with_the_reason_and_the_engine_is_not_left_alone(server, settings):
    target = generations.register("1")
    for number in range(8):
        resource(f"Study {number}", abstract="benefit " * (40_000 if number == 3 else 20))
    drain()
    enqueue(dict(Document.objects.values_list("id", "version")))
    for _ in range(shipping.MAX_ATTEMPTS):
        shipping.ship(target, ElasticsearchReplica())
        Outbox.objects.update(retry_at=None)
    left = Outbox.objects.all()
    assert {row.document.split(":")[0] for row in left} == {"public", "members", "staff"} and len(left) == 3
    assert all(row.parked and "413" in row.reason and row.attempts == shipping.MAX_ATTEMPTS for row in left)
    assert Target.objects.get().paused_until is None
