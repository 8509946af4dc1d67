"""People in front of GESS: an HTTP client with a session, readers who look for canaries, members who write."""

import http.client
import json
import re
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from urllib.parse import quote, urlencode

from tests.faults.canaries import TOKEN, Item, Journal, new_token

TIMEOUT = 20  # seconds after which a request counts as hanging
PAUSE = 0.15  # seconds between two requests of one reader, on average
CSRF = "c" * 32


@dataclass(frozen=True)
class Answer:
    """What one request brought: status (0: none), body, and between which moments it was made."""

    viewer: str
    path: str
    status: int
    body: str
    first: float
    last: float

    @property
    def seconds(self) -> float:
        return self.last - self.first

    def tokens(self) -> set[str]:
        """Return the canaries that it shows. Of the API's answers the results count: addresses repeat the question."""
        if self.path.startswith("/api/"):
            return set(TOKEN.findall(json.dumps(self.results())))
        return set(TOKEN.findall(self.body))

    def results(self) -> list[dict]:
        if self.status != 200:
            return []
        return [{"id": r["id"], "title": r["title"], "snippet": r["snippet"]} for r in json.loads(self.body)["results"]]


@dataclass
class Person:
    """Somebody with a browser. `viewer` is the audience that he belongs to; `session` is empty for a visitor."""

    viewer: str
    port: int
    session: str = ""

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, **form: str) -> Answer:
        return self._ask("POST", path, urlencode({**form, "csrfmiddlewaretoken": CSRF}))

    def search(self, words: str, **more: str) -> Answer:
        return self.get(f"/api/v1/search/?{urlencode({'q': words, **more})}")

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Host": "localhost", "Cookie": f"sessionid={self.session}; csrftoken={CSRF}"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        first = time.monotonic()
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            status, text = answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            status, text = 0, ""
        finally:
            connection.close()
        return Answer(self.viewer, path, status, text, first, time.monotonic())


class Crowd:
    """Threads that do the same again and again until told to stop."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self.threads: list[threading.Thread] = []
        self.errors: list[str] = []

    def add(self, step, pause: float, rng: Random) -> None:
        def run() -> None:
            while not self.stopped.wait(rng.uniform(0, 2 * pause)):
                try:
                    step()
                except Exception as error:  # a thread that ends silently would leave a fault unobserved
                    self.errors.append(f"{type(error).__name__}: {error}")
                    return

        self.threads.append(threading.Thread(target=run, daemon=True))
        self.threads[-1].start()

    def stop(self) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join(TIMEOUT + 5)


@dataclass
class Reader:
    """Looks for canaries, the newest words first, through every door that lists what is found."""

    person: Person
    journals: list[Path]
    rng: Random
    answers: list[Answer] = field(default_factory=list)

    def step(self) -> None:
        token = self._a_token()
        door = self.rng.choice(["word", "word", "page", "newest", "suggest", "library"])
        path = {
            "word": f"/api/v1/search/?q={token}",
            "page": "/en/search/?q=canary",
            "newest": "/api/v1/search/?q=canary&sort=newest",
            "suggest": "/en/search/suggest/?q=canary",
            "library": "/en/library/",
        }[door]
        self.answers.append(self.person.get(path))

    def _a_token(self) -> str:
        """Return one of the last words written; the files are read from their ends."""
        found: list[str] = []
        for path in self.journals:
            if path.exists():
                with path.open("rb") as file:
                    file.seek(max(0, path.stat().st_size - 6000))
                    found += TOKEN.findall(file.read().decode(errors="replace"))
        return self.rng.choice(found) if found else quote("canary")


@dataclass
class Case:
    """An answered question that members read, by its number."""

    name: str
    number: int
    token: str
    hidden: bool = False


@dataclass
class Driver:
    """A member who asks, and an editor who hides and restores: over HTTP, as people write."""

    member: Person
    editor: Person
    journal: Journal
    cases: list[Case]
    rng: Random
    label: str
    answers: deque[Answer] = field(default_factory=deque)

    def step(self) -> None:
        if self.rng.random() < 0.3:
            self.ask()
        else:
            self.moderate()

    def ask(self) -> None:
        """Ask a private question: staff may read it, no search may show it."""
        token = new_token(self.rng)
        item = Item(f"asked/{self.label}/{token}", token, "staff")
        form = {
            "title": f"Canary {token}?", "body": f"Who pays {token}?", "language": "en", "theme": "maternity",
            "visibility": "private", "seen": "1", "constituent_group": "", "country": "", "other_theme": "",
        }  # fmt: skip
        self._accepted(item, "ask", self.member, "/en/questions/ask/", **form)

    def moderate(self) -> None:
        case = self.rng.choice(self.cases)
        act = "restore" if case.hidden else "hide"
        item = Item(case.name, case.token, "members" if case.hidden else "staff")
        if self._accepted(item, act, self.editor, f"/en/questions/{case.number}/{act}/"):
            case.hidden = not case.hidden

    def _accepted(self, item: Item, act: str, person: Person, path: str, **form: str) -> bool:
        try:
            with self.journal.writing(item, act=act):
                answer = person.post(path, **form)
                self.answers.append(answer)
                if answer.status != 302:
                    raise Refused(f"{path}: {answer.status} {_reason(answer.body)}")
        except Refused:
            return False
        return True


class Refused(Exception):
    """A write was not acknowledged; whether it happened is not known."""


def _reason(body: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", body).split())[:300]
