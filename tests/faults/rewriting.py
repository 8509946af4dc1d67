"""An HTTP server before Elasticsearch that refuses some documents of a bulk request, as a node in trouble does.

What is refused is taken out of the request, so that the node never sees it; the answer says so item by item.
"""

import http.client
import json
import sys
import threading
import zlib
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any

REASONS = {
    400: {"type": "document_parsing_exception", "reason": "failed to parse"},
    429: {"type": "es_rejected_execution_exception", "reason": "rejected execution"},
}


POISONABLE = ":resource:"  # in the ids of documents that the harness can edit afterwards


class Refusing:
    """Refuses documents: `poison` of a hundred always (400), `busy` of a hundred requests for one (429)."""

    def __init__(self, port: int, upstream: int, rng: Random, poison: float = 0.0, busy: float = 0.0) -> None:
        self.upstream, self.rng, self.poison, self.busy = upstream, rng, poison, busy
        self.refused: Counter[int] = Counter()
        self.poisoned: set[str] = set()
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"owner": self})
        self._server = _Server(("127.0.0.1", port), handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def fate(self, doc_id: str) -> int:
        """Return the status with which a document is refused, or 0. Whether it is poison depends on its id alone."""
        with self._lock:
            if POISONABLE in doc_id and zlib.crc32(doc_id.encode()) % 10_000 < self.poison * 100:
                self.poisoned.add(doc_id)
                status = 400
            else:
                status = 429 if self.rng.random() * 100 < self.busy else 0
            self.refused[status] += 1
            return status


def split(body: bytes) -> list[tuple[str, str, bytes]]:
    """Return the operations of a bulk request: action, document id, and the lines that make it."""
    lines = [line for line in body.split(b"\n") if line]
    found, place = [], 0
    while place < len(lines):
        action, what = next(iter(json.loads(lines[place]).items()))
        size = 1 if action == "delete" else 2
        found.append((action, what["_id"], b"\n".join(lines[place : place + size]) + b"\n"))
        place += size
    return found


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing about connections that the proxy broke; everything else is told."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    owner: Refusing

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.partition("?")[0].endswith("/_bulk"):
            status, kind, answer = self._bulk(body)
        else:
            status, kind, answer = self._forward(body)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _serve

    def _bulk(self, body: bytes) -> tuple[int, str, bytes]:
        operations = split(body)
        fates = [self.owner.fate(doc_id) for _, doc_id, _ in operations]
        passed = b"".join(lines for (_, _, lines), fate in zip(operations, fates, strict=True) if not fate)
        answer = {"took": 0, "errors": False, "items": []}
        if passed:
            status, kind, text = self._forward(passed)
            if status != 200:
                return status, kind, text
            answer = json.loads(text)
        items = iter(answer["items"])
        answer["items"] = [
            {action: {"_id": doc_id, "status": fate, "error": REASONS[fate]}} if fate else next(items)
            for (action, doc_id, _), fate in zip(operations, fates, strict=True)
        ]
        answer["errors"] = answer["errors"] or any(fates)
        return 200, "application/vnd.elasticsearch+json;compatible-with=8", json.dumps(answer).encode()

    def _forward(self, body: bytes) -> tuple[int, str, bytes]:
        session = http.client.HTTPConnection("127.0.0.1", self.owner.upstream, timeout=30)
        kept = ("content-type", "accept", "authorization")
        headers = {name: value for name, value in self.headers.items() if name.lower() in kept}
        try:
            session.request(self.command, self.path, body, headers)
            answer = session.getresponse()
            return answer.status, answer.headers.get("Content-Type", "application/json"), answer.read()
        finally:
            session.close()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the counts are in `refused`."""
