"""Large corpora: the rows that saving would make, written in large pieces. Needs Django set up.

Entries, documents and links come from the functions that project everything else. What is left out is what a million
single writes would repeat: capture, claims, looking for rows that cannot be there, and the upkeep of the full text,
which is filled once at the end by the statements of a rebuild.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max, Model
from django.utils import timezone

from benchmarks.corpus import Record
from benchmarks.filling import at, chunks, resource_of, topics
from library.models import Resource, Work
from search.engines import database_engine
from search.projector import WordProjector
from search.words import learn
from sync import capture
from sync.drain import drain
from sync.folding import mark
from sync.models import Document, State
from sync.projection import build
from sync.projectors import Changes, projectors

CHUNK = 10_000  # resources of one transaction: each looks once at all links there are
KEYS = 500  # projected at a time


def insert(size: int) -> None:
    """Add the generated resources to a database in which nothing is pending."""
    engine = database_engine()
    capture.remove(connection)
    engine.remove(connection)
    vocabulary, makers = Vocabulary(), Makers()
    for records in chunks(size, CHUNK):
        with transaction.atomic():
            _project([f"resource:{pk}" for pk in makers.write(records)], vocabulary)
    engine.install(connection)
    capture.install(connection)
    _count_on()
    drain()


class Makers:
    """Writes resources with their works and topics."""

    def __init__(self) -> None:
        self.works, self.resources = _numbers_of(Work), _numbers_of(Resource)
        self.themes, self.countries = topics()
        self.work = 0  # of the last record

    def write(self, records: Sequence[Record]) -> list[int]:
        """Write some records and return the primary keys of their resources."""
        works, resources = [], []
        themes, countries = set[tuple[int, int]](), set[tuple[int, int]]()
        for record in records:
            if not (record.edition and self.work):
                self.work = next(self.works)
                works.append(Work(pk=self.work))
            resource = resource_of(record)
            resource.pk, resource.work_id = next(self.resources), self.work
            resources.append(resource)
            themes |= {(resource.pk, at(self.themes, place).pk) for place in record.themes}
            countries |= {(resource.pk, at(self.countries, place).pk) for place in record.countries}
        write(works)
        write(resources)
        write([Resource.themes.through(resource_id=one, theme_id=other) for one, other in sorted(themes)])
        write([Resource.countries.through(resource_id=one, country_id=other) for one, other in sorted(countries)])
        return [resource.pk for resource in resources]


class Vocabulary:
    """Learns words as projecting does, but looks only at documents that hold a word which no public one has had."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def learn(self, documents: Iterable[Document]) -> None:
        new = [document for document in documents if not self.seen.issuperset(_words(document))]
        learn(new)
        self.seen.update(*(_words(document) for document in new if document.audience == "public"))


def write(rows: Sequence[Model]) -> None:
    """Insert rows of one model by one prepared statement. A key that the first one lacks is the database's to give."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if not (field.primary_key and rows[0].pk is None)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["%s"] * len(fields))
    values = ([field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields] for row in rows)
    with connection.cursor() as cursor:
        cursor.executemany(f'INSERT INTO "{meta.db_table}" ({columns}) VALUES ({places})', list(values))


def _project(keys: Sequence[str], vocabulary: Vocabulary) -> None:
    """Write what follows from new keys: documents, words, that all is done, and what other apps derive."""
    built = []
    for start in range(0, len(keys), KEYS):
        part = build(dict.fromkeys(keys[start : start + KEYS], 1))
        documents = [document for projection in part for document in projection.documents.values()]
        now = timezone.now()
        for document in documents:
            document.changed_at = now
        write(documents)
        vocabulary.learn(documents)
        write([State(key=projection.key, want=1, done=1, since=now, urgent=True) for projection in part])
        for projection in part:
            projection.documents = {}  # three copies of each text
        built += part
    changes = Changes()
    for projector in projectors():
        if not isinstance(projector, WordProjector):
            projector.project(built, changes)
    mark(sorted(changes.fanout), "fanout")


def _words(document: Document) -> list[str]:
    return f"{document.title_words} {document.body_words}".split()


def _numbers_of(model: type[Model]) -> Iterator[int]:
    """Return the primary keys that follow the present ones."""
    return count((model._default_manager.aggregate(last=Max("pk"))["last"] or 0) + 1)


def _count_on() -> None:
    """Let the database give keys after those that were given here."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Work, Resource]):
            cursor.execute(statement)
