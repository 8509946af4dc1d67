"""`manage.py search_rebuild [--documents] [--force]`: the index anew, while the old one goes on answering."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from tqdm import tqdm

from search import generations
from search.engines import database_engine, replica
from search.engines.replica import Replica, ReplicaDown
from search.models import Outbox, Target
from search.replication import replicate
from sync.drain import drain
from sync.folding import is_pending, mark_everything

PATIENCE = 60  # seconds without any progress


class Command(BaseCommand):
    help = (
        "Builds the search index anew from the documents: the database's full text, and a new generation of"
        " Elasticsearch where there is one, which is filled, proven equal and swapped in while the old one answers."
        " Without --force, an index that has its present form and lacks nothing stays: search_check reads its content."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--documents", action="store_true", help="first make every document anew from its content")
        parser.add_argument("--force", action="store_true", help="build anew what is proven equal too")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["documents"]:
            mark_everything()
        self._project()
        self._full_text(options["force"])
        engine = replica()
        if engine:
            try:
                self._generation(engine, options["force"])
            except ReplicaDown as error:
                raise CommandError(f"The search engine does not answer, the database goes on: {error}") from error

    def _project(self) -> None:
        with tqdm(desc="documents", unit=" keys", leave=False, disable=None) as bar:
            while is_pending():
                bar.update(drain(0.5))

    def _full_text(self, force: bool) -> None:
        engine = database_engine()
        if force or not engine.is_installed(connection) or engine.gaps():
            engine.install(connection)
            self.stdout.write("The database's full text is built anew.")
        else:
            self.stdout.write("The database's full text has its present form and holds every document; it stays.")

    def _generation(self, engine: Replica, force: bool) -> None:
        generations.ensure(engine)
        current = generations.serving()
        if current and not force and not generations.building() and generations.prove(current, engine):
            self.stdout.write(f"Generation {current.pk} is proven equal to the documents.")
            return
        target = generations.register(engine.form())
        self._wait(target)
        self.stdout.write(f"Generation {target.pk} is proven equal and serves.")

    def _wait(self, target: Target) -> None:
        """Ship until the generation serves. Workers may do so at the same time; whoever is faster is right."""
        last, moved = None, time.monotonic()
        with tqdm(desc="documents to ship", leave=False, disable=None) as bar:
            while Target.objects.filter(pk=target.pk).exclude(state=Target.State.SERVING).exists():
                replicate(2.0)
                waiting = Outbox.objects.filter(target=target)
                now = (waiting.count(), Target.objects.filter(pk=target.pk).values_list("filled_to", flat=True).first())
                bar.n = now[0]
                bar.refresh()
                if now != last:
                    last, moved = now, time.monotonic()
                elif time.monotonic() - moved > PATIENCE:
                    reasons = waiting.exclude(reason="").values_list("document", "reason")[:3]
                    raise CommandError(f"Nothing moves for {PATIENCE} seconds; the old index goes on. {list(reasons)}")
                else:
                    time.sleep(0.2)
        if not Target.objects.filter(pk=target.pk).exists():
            raise CommandError("The generation was abandoned meanwhile: run this again.")
