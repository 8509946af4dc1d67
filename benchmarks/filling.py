"""Fills the database that the settings name: `python -m benchmarks.filling SIZE`; 0 is the project's own content.

Up to `SAVED` each resource is saved as the editors' forms save it, and projected by the drain in its usual batches.
Larger numbers are written in bulk, by `benchmarks.bulk`.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import django
from tqdm import tqdm

from benchmarks.corpus import Corpus, Record

SAVED = 1_000
CACHE = 500_000  # KB of pages that SQLite keeps
FIRST = 1_000_000  # generated resources are numbered above those of the own content


def main(size: int) -> None:
    """Load the own content (size 0) or the generated resources."""
    django.setup()
    from benchmarks.bulk import insert
    from benchmarks.relevance.loading import load_own_content

    start = time.monotonic()
    with _hasty():
        if size == 0:
            load_own_content()
        else:
            (save if size <= SAVED else insert)(size)
    print(f"database of {size:,}: filled in {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)


@contextmanager
def _hasty() -> Iterator[None]:
    """Let SQLite wait for no disk: a file that was not finished is thrown away. Gather statistics at the end."""
    from django.db import connection

    def run(*statements: str) -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    is_file = connection.vendor == "sqlite"
    if is_file:
        run("PRAGMA synchronous = OFF", "PRAGMA journal_mode = MEMORY", f"PRAGMA cache_size = -{CACHE}")
    yield
    # On a server this also moves new words from the pending lists of full-text indexes, as happens by itself in time.
    run("ANALYZE" if is_file else "VACUUM ANALYZE")
    if is_file:
        run("PRAGMA journal_mode = WAL")


def save(size: int) -> None:
    """Save one by one."""
    from django.db import transaction

    from sync.drain import drain

    themes, countries = topics()
    work = None
    for records in chunks(size, 200):
        with transaction.atomic():
            for record in records:
                resource = resource_of(record)
                resource.work = work if record.edition else None
                resource.themes = [at(themes, place) for place in record.themes]
                resource.countries = [at(countries, place) for place in record.countries]
                resource.save()
                work = resource.work
        drain()


def topics() -> tuple[Sequence[Any], Sequence[Any]]:
    """Return the themes and countries that records point into."""
    from taxonomy.models import Country, Theme

    return list(Theme.objects.order_by("slug")), list(Country.objects.order_by("iso3"))


def at(rows: Sequence[Any], place: int) -> Any:
    """Return the row at a record's place: lists are shorter than places may be high."""
    return rows[place % len(rows)]


def chunks(size: int, length: int) -> Iterator[list[Record]]:
    """Yield the records in lists of a length."""
    records = Corpus().records(size)
    with tqdm(total=size, desc="resources", leave=False, disable=None) as bar:
        while chunk := list(islice(records, length)):
            yield chunk
            bar.update(len(chunk))


def resource_of(record: Record) -> Any:
    """Return a published resource that is not saved, with all fields that follow from others."""
    from django.utils import timezone

    from library.models import Resource
    from library.models.agents import sort_key
    from library.validators import earliest_day

    day = earliest_day(str(record.year))
    return Resource(
        number=FIRST + record.number,
        language=record.language,
        type="report",
        title=record.title,
        abstract=record.summary,
        date=str(record.year),
        year=day.year,
        published_on=day,
        title_key=sort_key(record.title),
        first_published_at=timezone.now(),
        last_published_at=timezone.now(),
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
