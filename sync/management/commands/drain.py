"""`manage.py drain [--forever]`: project what is pending."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, connection

from core.chores import do_chores
from sync.drain import drain
from sync.folding import is_pending


class Command(BaseCommand):
    help = "Projects pending changes into documents and links; with --forever, stays, does so as they come, and mails."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--forever", action="store_true", help="stay until stopped (SIGTERM, Ctrl-C)")
        parser.add_argument("--pause", type=float, default=0.5, help="seconds between looks (default: 0.5)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["forever"]:
            self.stdout.write(f"{drain()} keys projected.")
            return
        stop = threading.Event()
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: stop.set())
        while not stop.wait(options["pause"]):
            try:
                if is_pending():
                    drain(5.0)
                do_chores()
            except DatabaseError as error:
                self.stderr.write(f"The database did not answer, trying again: {error}")
                connection.close()
