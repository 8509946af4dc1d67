"""`manage.py drain [--forever]`: project what is pending."""

import faulthandler
import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection

from core.chores import do_chores
from sync.drain import drain
from sync.folding import is_pending
from sync.projection import begin_carefully
from sync.watchdog import LIMIT, Watchdog

logger = logging.getLogger(__name__)
SLICE = 5.0  # seconds of projecting before other chores have their turn


class Command(BaseCommand):
    help = (
        "Projects pending changes into documents and links; with --forever, stays, does so as they come, and mails."
        f" Ends with an error when work waits and nothing is done for {LIMIT:.0f} seconds: have it started anew then."
    )

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
        watchdog = Watchdog()
        begin_carefully()
        while not stop.wait(options["pause"]):
            try:
                self._work()
                stuck = watchdog.stuck_for()
            except DatabaseError as error:
                logger.error("The database did not answer, trying again: %s", error)
                connection.close()
                continue
            if stuck >= LIMIT:
                raise CommandError(f"Work waits and nothing was done for {stuck:.0f} seconds: see the log above.")

    def _work(self) -> None:
        """Do what waits now. A step that never returns ends the process, with the place where it hung."""
        if is_pending():
            faulthandler.dump_traceback_later(LIMIT + SLICE, exit=True)
            try:
                drain(SLICE)
            finally:
                faulthandler.cancel_dump_traceback_later()
        do_chores()
