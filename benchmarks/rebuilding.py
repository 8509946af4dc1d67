"""Rebuilding the index: R1 to R3. Needs Django set up."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from unittest.mock import patch

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from benchmarks.goals import TRIES, Measured, Result, Run, measures, ratio_result
from benchmarks.pairing import Call, compare, same
from benchmarks.rows import ready_rows
from benchmarks.samples import Goal, exact, is_quiet, p95
from benchmarks.searching import questions
from benchmarks.sites import Answer, page_cache
from benchmarks.visits import site
from search.management.commands.search_rebuild import Command
from sync.drain import drain

FEWEST = 4  # blocks of one pair: each takes seconds


def rebuild(force: bool = True) -> None:
    """Do as an operator does."""
    call_command("search_rebuild", force=force, stdout=StringIO())


@contextmanager
def _one_store() -> Iterator[None]:
    """With a search engine, `search_rebuild --force` builds two indices: measure the engine's alone."""
    if settings.ELASTICSEARCH_URL:
        with patch.object(Command, "_full_text", lambda *_: None):
            yield
    else:
        yield


@measures("R1", "R2")
def rebuilds(run: Run) -> Iterator[Result]:
    """Building the index anew, against loading ready rows; and building where nothing is to do, against that."""
    rows = ready_rows()
    words = [*questions("common"), *questions("rare")]
    drain()
    rows.drop()
    rows.load()
    rebuild()
    same(*zip(*rows.matches(words), strict=True), "rebuilding and loading ready rows")

    def load(_: int) -> None:
        rows.drop()
        rows.load()

    with _one_store():
        measured = _few(lambda _: rebuild(), load, run)
    yield ratio_result("R1", "rebuild of the index / bulk load of ready rows", Goal(1.3), measured)
    rows.drop()
    measured = _few(lambda _: rebuild(force=False), lambda _: rebuild(), run)
    yield ratio_result("R2", "rebuild with nothing changed / full", Goal(0.02), measured)


def _few(one: Call, other: Call, run: Run) -> Measured:
    """Compare slow calls: few pairs, with a control as long."""
    for _ in range(TRIES):
        controls = [compare(other, other, blocks=FEWEST, pairs=1, warm=0)]
        measured = Measured(compare(one, other, blocks=FEWEST, pairs=1, warm=1), controls, run.is_inside)
        if is_quiet(measured.noise("wall")) or run.is_inside and is_quiet(measured.noise("cpu")):
            break
    return measured


@measures("R3")
def searches_meanwhile(run: Run) -> Iterator[Result]:
    """Search all the time while another connection builds the full text anew: what fails, what takes twice as long?"""
    drain()
    addresses = [f"/api/v1/search/?q={text}" for text in questions("mid")[:5]]
    counts = {address: _count(site().get(address).text) for address in addresses}
    with page_cache(False):
        before = [_search(addresses[n % len(addresses)])[0] for n in range(100)]
        usual = p95(before)
        during, wrong = [], []
        rebuilds, errors = 0, list[Exception]()
        start = time.monotonic()
        while not rebuilds or time.monotonic() - start < run.seconds:
            thread = threading.Thread(target=_rebuild_apart, args=(errors,))
            thread.start()
            while thread.is_alive():
                address = addresses[len(during) % len(addresses)]
                seconds, answer = _search(address)
                during.append(seconds)
                if answer.status != 200 or _count(answer.text) != counts[address]:
                    wrong.append(f"{address}: {answer.status}")
            thread.join()
            rebuilds += 1
    if errors:
        raise errors[0]
    slow = sum(seconds > 2 * usual for seconds in during)
    note = f"of {len(during)} during {rebuilds} rebuilds {wrong[:2] or ''}"
    yield Result("R3", "searches that fail or answer otherwise during a rebuild", exact(len(wrong)), Goal(0), note=note)
    share = exact(slow / len(during))
    yield Result("R3", "share of searches over twice the usual p95 meanwhile", share, Goal(0), note=f"{slow} {note}")


def _rebuild_apart(errors: list[Exception]) -> None:
    try:
        rebuild()
    except Exception as error:  # raised again by the thread that waits
        errors.append(error)
    finally:
        connection.close()


def _search(address: str) -> tuple[float, Answer]:
    start = time.perf_counter()
    answer = site().ask(address)
    return time.perf_counter() - start, answer


def _count(text: str) -> int:
    return json.loads(text)["count"] if text.startswith("{") else -1
