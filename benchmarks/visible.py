"""From publishing to being found and linked, against writing ready rows: T2. Needs Django set up."""

import time
from collections.abc import Callable, Iterator
from itertools import count

from django.conf import settings
from django.db import connection

from benchmarks.corpus import Corpus, Record
from benchmarks.filling import FIRST
from benchmarks.freshness import NUMBER, address, found, instrument
from benchmarks.goals import Result, Run, measures, ratio_result
from benchmarks.pairing import RefusedError
from benchmarks.samples import Goal, p95
from benchmarks.sites import page_cache
from benchmarks.visits import site
from search import generations
from search.engines import replica
from search.engines.elastic import mapping
from search.engines.elastic.client import client
from search.replication import replicate
from sync.drain import drain
from sync.models import Document

TEXTS, STARTS = 10_000, (1, 6, 13, 18)  # texts that name something, and at which words; no name crosses a sentence
LOOK, PATIENCE = 0.005, 30.0  # seconds between two searches for what is not there yet; until that is an error
Seen = Callable[[], None]  # makes the engine show what was written


@measures("T2")
def visible_writes(run: Run) -> Iterator[Result]:
    """Publish what a text names, find it and see it linked; against writing its ready documents, and the same reads."""
    goal = None if connection.vendor == "sqlite" else Goal(1.5)
    ways = [("", goal, lambda: None)]
    if settings.ELASTICSEARCH_URL:
        ways += [(", refreshed at once", None, _refresh)]
    numbers, names = count(2 * NUMBER), _names(run.size)
    for how, bound, seen in ways:
        arms = Arms(numbers, names, seen)
        with page_cache(False):
            measured = run.measure(arms.publish, arms.write_rows, pairs=1_000, share=3)
        what = f"publish, find, see linked / write ready rows, the same reads{how}"
        yield ratio_result("T2", f"{what}, p95", bound, measured, p95)
        yield ratio_result("T2", f"{what}, p50", None, measured)


class Arms:
    """Both ways to the same: a resource that a search finds; a text that names it."""

    def __init__(self, numbers: Iterator[int], names: Iterator[tuple[Record, str]], seen: Seen) -> None:
        self.numbers, self.names, self.seen = numbers, names, seen
        self.rows = _ready_documents(next(self.numbers))

    def publish(self, _: int) -> None:
        """Save as an editor does; workers do the rest, here in this process, at once."""
        number, record, name = self._next()
        instrument(number, name)
        _work()
        self._read(number, record, name, f'href="{address(number)}"')

    def write_rows(self, _: int) -> None:
        """Write the rows that publishing makes, with their tokens, to wherever searches look."""
        number, record, name = self._next()
        for row in self.rows:
            row.pk, row.id, row.family = None, f"{row.audience}:resource:{number}:en", f"bench:{number}"
            row.title_words = row.title_stems = name
            row.route = [row.route[0], str(number)]
            row.save(force_insert=True)
        _send(self.rows)
        self._read(number, record, name, "")

    def _next(self) -> tuple[int, Record, str]:
        record, name = next(self.names, (None, ""))
        if record is None:
            raise RefusedError("There are fewer texts than pairs: use a larger --size or fewer --seconds.")
        return next(self.numbers), record, name

    def _read(self, number: int, record: Record, name: str, link: str) -> None:
        self.seen()
        end = time.monotonic() + PATIENCE
        while not found(name, number):
            if time.monotonic() > end:
                raise RefusedError(f"Resource {number} is not found after {PATIENCE:g} seconds: see T1.")
            time.sleep(LOOK)
        if link not in site().get(address(FIRST + record.number)).text:
            raise RefusedError(f"Resource {number} is not linked where a text names it: see T1.")


def _names(size: int) -> Iterator[tuple[Record, str]]:
    """Yield texts with a name in each that nothing has yet: what two things are called is linked to neither."""
    texts = [record for record in Corpus().records(min(size, TEXTS)) if record.language == "en"]
    for start in STARTS:
        for record in texts:
            yield record, _phrase(record, start)


def _phrase(record: Record, start: int) -> str:
    """Return five words of a summary, which become the name of an instrument."""
    return " ".join(record.summary.split()[start : start + 5])


def _ready_documents(number: int) -> list[Document]:
    """Return the documents of a resource that stays, so that searches show what is written under its key."""
    resource = instrument(number, f"Ready rows {number}")
    _work()
    drain()
    return list(Document.objects.filter(key=f"resource:{resource.pk}"))


def _work() -> None:
    """Do what workers do after a change, where readers cannot: fill the search engine."""
    if settings.ELASTICSEARCH_URL:
        drain()
        replicate()


def _send(rows: list[Document]) -> None:
    """Write ready documents to the search engine, where there is one."""
    serving = generations.serving()
    if serving:
        lines = []
        for row in rows:
            name = mapping.index_name(serving.pk, row.audience)
            lines += [{"index": {"_index": name, "_id": row.id}}, mapping.body(row)]
        if client().bulk(operations=lines)["errors"]:
            raise RuntimeError("Elasticsearch did not take ready rows: look at its log.")


def _refresh() -> None:
    replica().refresh(generations.serving().pk)
