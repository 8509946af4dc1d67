"""`manage.py search_check [--repair]`: is the index what the content says?"""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from tqdm import tqdm

from search import generations
from search.engines import database_engine, replica
from search.engines.replica import Replica, ReplicaError
from search.entropy import Differences, differences, mend
from search.models import Target
from search.replication import replicate
from sync.checking import Difference, compare
from sync.drain import drain
from sync.folding import mark


class Command(BaseCommand):
    help = (
        "Compares every document with what its content should give now, and Elasticsearch with the documents; prints"
        " what is missing, stale or extra, and exits with 1 if anything is. With --repair, mends it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="project and ship again what differs")

    def handle(self, *args: Any, **options: Any) -> None:
        drain()
        difference = self._documents()
        faults = self._full_text()
        total = len(difference) + len(faults)
        self.stdout.write(f"{total} differences in {difference.looked_at:,} documents.")
        if total and options["repair"]:
            if faults:
                database_engine().install(connection)
            mark(difference.keys(), "direct")
            self.stdout.write(f"{drain()} keys projected again.")
            total = len(compare()) + len(database_engine().faults())
            self.stdout.write(f"{total} differences remain.")
        engine = replica()
        if engine:
            total += self._replica(engine, options["repair"])
        if total:
            sys.exit(1)

    def _documents(self) -> Difference:
        difference = compare(progress=lambda keys: tqdm(keys, desc="check", unit=" keys", leave=False, disable=None))
        for name in ("missing", "stale", "extra"):
            for doc_id in getattr(difference, name):
                self.stdout.write(f"{name}: {doc_id}")
        for key, reason in difference.parked.items():
            self.stdout.write(f"parked: {key}: {reason}")
        return difference

    def _full_text(self) -> list[str]:
        faults = database_engine().faults()
        for fault in faults:
            self.stdout.write(f"full text: {fault}")
        return faults

    def _replica(self, engine: Replica, repair: bool) -> int:
        """Compare the serving generation after shipping what waits; return how many differences remain."""
        replicate()
        target = generations.serving()
        if target is None:
            self.stdout.write("Elasticsearch: no generation serves, the database answers. See search_rebuild.")
            return 1
        try:
            found = self._differences(target, engine)
            if len(found) and repair:
                self.stdout.write(f"Elasticsearch: {mend(target, found)} documents are sent again.")
                replicate()
                found = self._differences(target, engine)
        except ReplicaError as error:
            self.stdout.write(f"Elasticsearch cannot be compared: {error}")
            return 1
        self.stdout.write(f"{len(found)} differences in generation {target.pk} of Elasticsearch.")
        return len(found)

    def _differences(self, target: Target, engine: Replica) -> Differences:
        engine.refresh(target.pk)
        found = differences(target, engine)
        for name in ("behind", "ahead", "unknown"):
            for doc_id in getattr(found, name):
                self.stdout.write(f"Elasticsearch {name}: {doc_id}")
        return found
