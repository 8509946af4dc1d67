"""The invariants, checked after healing. Each returns what is wrong, in words; nothing if it holds."""

import io
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from statistics import median

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import Count, Max

from library.models import Resource
from links.models import Link
from notifications.sending import waiting
from qa.models import CaseEvent, Question, QuestionText
from search.models import Outbox, Target
from sync.folding import is_pending
from sync.models import Document
from taxonomy.models import Country
from tests.faults.browser import Answer, Driver, Person
from tests.faults.canaries import TOKEN, History
from tests.faults.elastic import Node
from tests.faults.texts import MARK

SETTLE = 120  # seconds after healing within which everything must have arrived; 30 are the goal of an idle machine
HANGING = 15.0  # seconds: no request may take as long, whatever is dead, however busy the machine
DELAY = 0.3  # seconds that a dead broker may hold up a request
SAMPLE = 25  # words that are looked for at the end, for each reader
EVENTS = {"hide": "hidden", "restore": "restored"}


@dataclass
class Observed:
    """What one fault left to be judged."""

    history: History
    answers: list[Answer]
    driver: Driver
    readers: dict[str, Person]
    outage: tuple[float, float] | None  # between these moments pages need not answer
    since: int  # the last row of the questions' record before the fault
    node: Node | None  # Elasticsearch, past all proxies
    held_up: list[float]  # seconds for which requests stood still before a message that could not be sent
    lossy: bool  # the database went back to an earlier moment, and does not know what it sent meanwhile


def waits() -> bool:
    """Say whether anything is still to be projected, shipped, built or sent."""
    if is_pending() or waiting().exists() or Outbox.objects.filter(parked=False).exists():
        return True
    return bool(settings.ELASTICSEARCH_URL) and {*Target.objects.values_list("state", flat=True)} != {"serving"}


def settle(keep: Callable[[], None]) -> float | None:
    """Wait until the workers have done all; return how long it took, None if they did not.

    Nothing is done meanwhile but `keep`, which starts processes that ended, as every service manager does.
    """
    started = time.monotonic()
    while time.monotonic() - started < SETTLE:
        keep()
        if not waits():
            return time.monotonic() - started
        time.sleep(0.2)
    return None


def durable(seen: Observed) -> list[str]:
    """I1: acknowledged writes exist, others are all or nothing."""
    rows = {row.seen_at.removeprefix(MARK): row for row in Resource.objects.filter(seen_at__startswith=MARK)}
    wrong = [f"lost or changed: {name}" for name in seen.history.by_name if not _may_stand(seen.history, name, rows)]
    wrong += [f"nobody wrote {name}" for name in rows.keys() - seen.history.by_name.keys()]
    parts = dict(
        Resource.objects.filter(seen_at__startswith=MARK).annotate(n=Count("contributions")).values_list("pk", "n")
    )
    wrong += [f"written by half: resource {pk} has {n} authors" for pk, n in parts.items() if n != 1]
    titles = set(TOKEN.findall(" ".join(QuestionText.objects.values_list("title", flat=True))))
    asked = [item.token for act, items, acked in seen.history.acts if act == "ask" and acked for item in items]
    wrong += [f"an acknowledged question is lost: {token}" for token in asked if token not in titles]
    return wrong + list(_by_half(seen.history, rows))


def _may_stand(history: History, name: str, rows: dict[str, Resource]) -> bool:
    """Say whether the database holds one of the states that an object may be in."""
    if name.startswith(("case/", "asked/", "page/")):
        return True  # looked at by the events and the questions
    versions = history.possible(name)
    row = rows.get(name)
    if row is None:
        return versions[0].end is None or any(v.token == "" for v in versions)
    return any(v.token and v.token in row.title and v.audience == audience_of_row(row) for v in versions)


def audience_of_row(row: Resource) -> str | None:
    return "public" if row.live else "staff" if row.first_published_at is None else None


def _by_half(history: History, rows: dict[str, Resource]) -> Iterable[str]:
    """Transactions over several rows of which nobody knows whether they happened: all rows say so, or none."""
    for act, items, acked in history.acts:
        if act != "rename_many" or acked or len(items) < 2:
            continue
        last = [item for item in items if history.by_name[item.name][-1].token == item.token]
        done = {item.name in rows and item.token in rows[item.name].title for item in last}
        if len(done) > 1:
            yield f"written by half: {[item.name for item in items]}"


def converged(seen: Observed) -> list[str]:
    """I2: the index equals the content, both ways, by hash."""
    output = io.StringIO()
    try:
        call_command("search_check", stdout=output)
    except SystemExit:
        return output.getvalue().splitlines()
    return []


def private(seen: Observed) -> list[str]:
    """I3: no answer showed what its reader might not know during the whole request."""
    return [
        f"{a.viewer} saw {token} at {a.path} ({_story(seen.history, token)}, asked {a.first:.2f}-{a.last:.2f})"
        for a in seen.answers
        for token in a.tokens()
        if token in seen.history.names_of and not seen.history.might_know(a.viewer, token, a.first, a.last)
    ]


def _story(history: History, token: str) -> str:
    """Return what happened to the object that a word belongs to."""
    versions = [v for name in history.names_of[token] for v in history.by_name[name]]
    return "; ".join(f"{v.token or 'deleted'}:{v.audience} {v.begin:.2f}-{v.end or 0:.2f}" for v in versions[-4:])


def stays_hidden(seen: Observed) -> list[str]:
    """I4: what was hidden or deleted is not found any more, neither through pages nor in the index itself."""
    wrong = []
    now: dict[str, set[str]] = {viewer: set() for viewer in seen.readers}
    for name in seen.history.by_name:
        for version in seen.history.possible(name):
            for viewer in now:
                if version.is_for(viewer):
                    now[viewer].add(version.token)
    for viewer, person in seen.readers.items():
        gone = [token for token in seen.history.names_of if token and token not in now[viewer]]
        for token in gone[-SAMPLE:]:
            if token in person.search(token).tokens():
                wrong.append(f"{viewer} still finds {token}")
        index = " ".join(Document.objects.filter(audience=viewer, gone=False).values_list("title", flat=True))
        wrong += [f"{token} is still in the index of {viewer}" for token in set(TOKEN.findall(index)) & set(gone)]
        if seen.node:
            held = set(TOKEN.findall(seen.node.contents(viewer)))
            wrong += [f"{token} is still in Elasticsearch for {viewer}" for token in held & set(gone)]
    return wrong


def fresh(seen: Observed) -> list[str]:
    """I5: what was written is found. Questions without an answer, and hidden ones, are in nobody's index."""
    certain = []
    for name in seen.history.by_name:
        possible = seen.history.possible(name)
        is_indexed = not name.startswith("asked/") and (possible[0].audience != "staff" or not name.startswith("case/"))
        if len(possible) == 1 and possible[0].end is not None and is_indexed:
            certain.append(possible[0])
    wrong = []
    for viewer, person in seen.readers.items():
        for version in [v for v in certain if v.is_for(viewer)][-SAMPLE:]:
            answer = person.search(version.token)
            if version.token not in answer.tokens():
                wrong.append(f"{viewer} does not find {version.token} ({version.name}), status {answer.status}")
    return wrong


def once(seen: Observed) -> list[str]:
    """I6: one mail for each event and person, one hit for each object."""
    mails = Counter(_message_ids(Path(settings.MAIL_DIR)))
    wrong = [f"sent {count} times: {message}" for message, count in mails.items() if count > 1 and not seen.lossy]
    for answer in seen.answers:
        if answer.path.startswith("/api/"):
            ids = Counter(result["id"] for result in answer.results())
            wrong += [f"{answer.path}: {key} stands {n} times" for key, n in ids.items() if n > 1]
    return wrong


def _message_ids(folder: Path) -> Iterable[str]:
    for path in folder.glob("*.log"):
        for mail in re.split(rb"(?m)^-{79}$", path.read_bytes()):
            found = message_from_bytes(mail.lstrip()).get("Message-ID")
            if found:
                yield found


def linked(seen: Observed) -> list[str]:
    """I7: each mention leads to something that is found; each text that names the country leads to it."""
    live = Document.objects.filter(gone=False)
    targets = set(Link.objects.filter(how="mention").values_list("target", flat=True))
    dead = targets - set(live.filter(key__in=targets).values_list("key", flat=True))
    wrong = [f"a link leads to {key}, which nobody finds" for key in sorted(dead)]
    kenya = f"country:{Country.objects.get(iso3='KEN').pk}"
    named = set(
        live.filter(kind="resource", audience="public", summary__contains="Kenya").values_list("key", flat=True)
    )
    linked_to = set(Link.objects.filter(target=kenya, how="mention").values_list("source", flat=True))
    return wrong + [f"{key} names Kenya without a link" for key in sorted(named - linked_to)]


def readable(seen: Observed) -> list[str]:
    """I8: pages and searches answer 200, whatever is dead besides the database."""
    bad = [a for a in seen.answers if a.status != 200 and not _during(seen.outage, a)]
    return [f"{a.path}: status {a.status} after {a.seconds:.1f} s" for a in bad]


def bounded(seen: Observed) -> list[str]:
    """I9: no request hangs, and none stands still for long because the broker does not answer.

    The second is measured by the server itself, without what a busy machine adds, and by the middle one: a collection
    of garbage in the wrong moment decides nothing.
    """
    asked = [*seen.answers, *seen.driver.answers]
    slow = [a for a in asked if a.seconds > HANGING and not _during(seen.outage, a)]
    wrong = [f"{a.path}: {a.seconds:.1f} s" for a in slow]
    if seen.held_up and median(seen.held_up) > DELAY:
        wrong.append(f"requests stood still for {median(seen.held_up):.2f} s for a broker that did not answer")
    return wrong


def audited(seen: Observed) -> list[str]:
    """I10: one row for each privileged act."""
    rows: Counter = Counter(CaseEvent.objects.filter(pk__gt=seen.since).values_list("question__number", "event"))
    numbers = {case.name: case.number for case in seen.driver.cases}
    sure: Counter = Counter()
    perhaps: Counter = Counter()
    for act, items, acked in seen.history.acts:
        if act in EVENTS:
            (sure if acked else perhaps)[numbers[items[0].name], EVENTS[act]] += 1
    return [
        f"question {number}: {sure[number, event]} acts of {event!r}, {rows[number, event]} rows"
        for number, event in sure.keys() | perhaps.keys()
        if not sure[number, event] <= rows[number, event] <= sure[number, event] + perhaps[number, event]
    ]


def _during(outage: tuple[float, float] | None, answer: Answer) -> bool:
    return outage is not None and answer.first <= outage[1] and answer.last >= outage[0]


INVARIANTS: dict[str, Callable[[Observed], list[str]]] = {
    "I1 durable": durable,
    "I2 converged": converged,
    "I3 private": private,
    "I4 stays hidden": stays_hidden,
    "I5 fresh": fresh,
    "I6 once": once,
    "I7 links": linked,
    "I8 readable": readable,
    "I9 bounded": bounded,
    "I10 audited": audited,
}


def forget_connection() -> None:
    """The server may have been restarted since the last look."""
    connection.close()


def clean() -> int:
    """Delete what earlier faults wrote and sent; return the last row of the questions' record."""
    for mails in Path(settings.MAIL_DIR).glob("*.log"):
        mails.unlink()
    for row in Resource.objects.filter(seen_at__startswith=MARK):
        row.delete()
    return CaseEvent.objects.aggregate(last=Max("pk"))["last"] or 0


def hidden_cases() -> dict[int, bool]:
    """Return which cases are hidden now, by number: after a moderation of unknown fate, the database is asked."""
    return {number: state != "clear" for number, state in Question.objects.values_list("number", "moderation")}
