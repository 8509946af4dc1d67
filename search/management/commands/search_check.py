"""`manage.py search_check [--repair]`: is the index what the content says?"""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from search.engines import database_engine
from sync.checking import compare
from sync.drain import drain
from sync.folding import mark


class Command(BaseCommand):
    help = (
        "Compares every document with what its content should give now; prints what is missing, stale or extra, and"
        " exits with 1 if anything is. With --repair, projects those again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="project again what differs")

    def handle(self, *args: Any, **options: Any) -> None:
        drain()
        difference = compare(lambda keys: tqdm(keys, desc="check", unit=" keys", leave=False, disable=None))
        for name in ("missing", "stale", "extra"):
            for doc_id in getattr(difference, name):
                self.stdout.write(f"{name}: {doc_id}")
        for key, reason in difference.parked.items():
            self.stdout.write(f"parked: {key}: {reason}")
        faults = database_engine().faults()
        for fault in faults:
            self.stdout.write(f"full text: {fault}")
        total = len(difference) + len(faults)
        self.stdout.write(f"{total} differences in {difference.looked_at:,} documents.")
        if total and options["repair"]:
            mark(difference.keys(), "direct")
            self.stdout.write(f"{drain()} keys projected again.")
            total = len(compare())
            self.stdout.write(f"{total} differences remain.")
        if total:
            sys.exit(1)
