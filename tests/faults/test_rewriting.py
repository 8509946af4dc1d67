"""The refusing server takes documents out of bulk requests and says so, item by item, in their order."""

import json
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random

import pytest

from tests.faults.rewriting import Refusing, split


class FakeNode(BaseHTTPRequestHandler):
    taken: list[str] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        ids = [doc_id for _, doc_id, _ in split(body)]
        self.taken += ids
        items = [{"index": {"_id": doc_id, "status": 200}} for doc_id in ids]
        answer = json.dumps({"took": 1, "errors": False, "items": items}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def node() -> Iterator[int]:
    FakeNode.taken = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), FakeNode)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def send(port: int, ids: list[str]) -> list[tuple[str, int]]:
    lines = [line for doc_id in ids for line in ({"index": {"_id": doc_id}}, {"title": doc_id})]
    body = "".join(json.dumps(line) + "\n" for line in lines).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/_bulk?require_alias=true", body, method="POST")
    with urllib.request.urlopen(request, timeout=5) as answer:
        items = json.loads(answer.read())["items"]
    return [(result["_id"], result["status"]) for item in items for result in item.values()]


IDS = [f"public:resource:{n}:en" for n in range(200)]


def test_passes_all_where_nothing_is_refused(node):
    refusing = Refusing(0, node, Random(1))
    assert send(refusing.port, IDS) == [(doc_id, 200) for doc_id in IDS]
    assert FakeNode.taken == IDS
    refusing.close()


def test_refused_documents_never_reach_the_node_and_the_order_stays(node):
    refusing = Refusing(0, node, Random(1), poison=10, busy=20)
    found = send(refusing.port, IDS)
    assert [doc_id for doc_id, _ in found] == IDS
    assert {status for _, status in found} == {200, 400, 429}
    assert FakeNode.taken == [doc_id for doc_id, status in found if status == 200]
    again = dict(send(refusing.port, IDS))
    assert {doc_id for doc_id, status in found if status == 400} == {d for d, s in again.items() if s == 400}
    refusing.close()


def test_a_request_of_which_nothing_is_left_is_answered_too(node):
    refusing = Refusing(0, node, Random(1), poison=100)
    assert {status for _, status in send(refusing.port, IDS[:3])} == {400}
    assert FakeNode.taken == []
    refusing.close()


def test_only_documents_of_a_chosen_kind_are_poison(node):
    refusing = Refusing(0, node, Random(1), poison=100)
    assert send(refusing.port, ["public:theme:1:en"]) == [("public:theme:1:en", 200)]
    refusing.close()
