"""Rebuilding the index: R1 to R3. Needs Django set up."""

import json
import re
import threading
import time
from collections.abc import Iterator
from io import StringIO

from django.core.management import call_command
from django.db import connection, transaction

from benchmarks.goals import TRIES, Measured, Result, Run, measures, ratio_result
from benchmarks.pairing import Call, compare, same
from benchmarks.samples import Goal, exact, is_quiet, p95
from benchmarks.searching import questions
from benchmarks.sites import Answer, page_cache
from benchmarks.visits import site
from search.engines import database_engine
from sync.drain import drain

FEWEST = 4  # blocks of one pair: each takes seconds
TABLE = re.compile(r"CREATE VIRTUAL TABLE (\w+) USING fts5\(([^=]+), content=")


def rebuild(force: bool = True) -> None:
    call_command("search_rebuild", force=force, stdout=StringIO())


def load_ready_rows() -> None:
    """Fill full-text tables of the same form from the documents, in one transaction, without triggers."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in database_engine().statements():
            ready = statement.replace("search_", "bench_")
            if statement.startswith("CREATE VIEW"):
                cursor.execute(ready)
            elif table := TABLE.match(ready):
                cursor.execute(ready)
                name, columns = table.groups()
                cursor.execute(f"INSERT INTO {name} (rowid, {columns}) SELECT number, {columns} FROM {name}_content")


def drop_ready_rows() -> None:
    with connection.cursor() as cursor:
        for statement in database_engine().statements():
            if found := re.match(r"CREATE (VIEW|VIRTUAL TABLE) (\w+_content|\w+) (?:AS|USING fts5\()", statement):
                kind, name = found.groups()
                kind = "VIEW" if kind == "VIEW" else "TABLE"
                cursor.execute(f"DROP {kind} IF EXISTS {name.replace('search_', 'bench_')}")


def matches(table: str) -> list[int]:
    """Return how many rows of a full-text table hold each word of some questions."""
    with connection.cursor() as cursor:
        counts = []
        for text in [*questions("common"), *questions("rare")]:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {table} MATCH %s", [f'"{text}"'])
            counts.append(cursor.fetchone()[0])
        return counts


@measures("R1", "R2")
def rebuilds(run: Run) -> Iterator[Result]:
    """Building the full text anew, against loading ready rows; and building where nothing is to do, against that."""
    if connection.vendor != "sqlite":
        yield Result("R1", "rebuild / bulk load", None, note="measured with sqlite")
        return
    drain()
    load_ready_rows()
    rebuild()
    same(tuple(matches("search_staff")), tuple(matches("bench_staff")), "rebuilding and loading ready rows")

    def load(_: int) -> None:
        drop_ready_rows()
        load_ready_rows()

    for id_, what, goal, one, other in (
        ("R1", "rebuild of the full text / bulk load of ready rows", Goal(1.3), lambda _: rebuild(), load),
        ("R2", "rebuild with nothing changed / full", Goal(0.02), lambda _: rebuild(force=False), lambda _: rebuild()),
    ):
        yield ratio_result(id_, what, goal, _few(one, other))
    drop_ready_rows()


def _few(one: Call, other: Call) -> Measured:
    """Compare slow calls: few pairs, with a control as long."""
    for _ in range(TRIES):
        controls = [compare(other, other, blocks=FEWEST, pairs=1, warm=0)]
        measured = Measured(compare(one, other, blocks=FEWEST, pairs=1, warm=1), controls)
        if is_quiet(measured.noise("wall")) or is_quiet(measured.noise("cpu")):
            break
    return measured


@measures("R3")
def searches_meanwhile(run: Run) -> Iterator[Result]:
    """Search all the time while another connection builds the full text anew: what fails, what takes twice as long?"""
    if connection.vendor != "sqlite":
        yield Result("R3", "searches during a rebuild", None, note="measured with sqlite")
        return
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
