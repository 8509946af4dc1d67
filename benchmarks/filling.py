"""Fills the database that the settings name: `python -m benchmarks.filling SIZE`; 0 is the project's own content.

Up to `SAVED` each resource is saved as the editors' forms save it, and projected by the drain in its usual batches.
Larger numbers are inserted in bulk, and projected by the same functions in large batches.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import django
from tqdm import tqdm

from benchmarks.corpus import Corpus, Record

SAVED = 10_000
FIRST = 1_000_000  # generated resources are numbered above those of the own content
CHUNK, BATCH = 2_000, 500  # rows of one bulk insert; keys of one projection


def main(size: int) -> None:
    """Load the own content (size 0) or the generated resources."""
    django.setup()
    from django.db import connection

    from benchmarks.relevance.loading import load_own_content

    start = time.monotonic()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = OFF")  # a throw-away file need not outlive a power cut
    if size == 0:
        load_own_content()
    else:
        (_save if size <= SAVED else _insert)(size)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    print(f"database of {size:,}: filled in {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)


def _save(size: int) -> None:
    """Save one by one."""
    from django.db import transaction

    from sync.drain import drain

    themes, countries = _topics()
    work = None
    for records in _chunks(size, 200):
        with transaction.atomic():
            for record in records:
                resource = _resource(record)
                resource.work = work if record.edition else None
                resource.themes = [_at(themes, place) for place in record.themes]
                resource.countries = [_at(countries, place) for place in record.countries]
                resource.save()
                work = resource.work
        drain()


def _insert(size: int) -> None:
    """Insert in bulk, then project in large batches: the same rows as by saving."""
    from django.db import transaction

    from library.models import Resource, Work
    from sync.folding import fold
    from sync.projection import open_keys, project

    themes, countries = _topics()
    work = None
    for records in _chunks(size, CHUNK):
        with transaction.atomic():
            resources = []
            for record in records:
                work = work if record.edition and work else Work.objects.create()
                resource = _resource(record)
                resource.work = work
                resources.append(resource)
            made = list(zip(Resource.objects.bulk_create(resources), records, strict=True))
            _link(Resource.themes.through, "theme", {(r.pk, _at(themes, p).pk) for r, c in made for p in c.themes})
            _link(
                Resource.countries.through,
                "country",
                {(r.pk, _at(countries, p).pk) for r, c in made for p in c.countries},
            )
        while fold():
            pass
        while keys := open_keys(BATCH):
            project(keys)


def _link(through: type[Any], name: str, pairs: set[tuple[int, int]]) -> None:
    through.objects.bulk_create([through(resource_id=a, **{f"{name}_id": b}) for a, b in sorted(pairs)])


def _topics() -> tuple[Sequence[Any], Sequence[Any]]:
    from taxonomy.models import Country, Theme

    return list(Theme.objects.order_by("slug")), list(Country.objects.order_by("iso3"))


def _at(rows: Sequence[Any], place: int) -> Any:
    return rows[place % len(rows)]


def _chunks(size: int, length: int) -> Iterator[list[Record]]:
    records = Corpus().records(size)
    with tqdm(total=size, desc="resources", leave=False, disable=None) as bar:
        while chunk := list(islice(records, length)):
            yield chunk
            bar.update(len(chunk))


def _resource(record: Record) -> Any:
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
