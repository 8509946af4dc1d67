"""Faults of what stands in the database and of the whole machine: 24 to 26."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from itertools import count

from django.conf import settings
from django.db import DatabaseError, connection
from wagtail.models import PageViewRestriction

from pages.models import ThemeIndexPage, ThemePage
from tests.faults.canaries import Item, new_token
from tests.faults.playing import Scene, fault
from tests.faults.texts import MARK, title
from tests.library.factories import resource

WRITERS, RATE = 4, 50  # threads; writes a second of all together


@fault(24, "bulk, SQL, loaddata, move, section restricted", ways=("full", "embedded"), short=("embedded",))
def unheard(scene: Scene) -> Iterator[None]:
    """The writer does all but the last all the time; the supervisor restricts the section of themes, and opens it."""
    section = ThemeIndexPage.objects.get(locale__language_code="en")
    page = ThemePage.objects.get(slug="old-age")
    deadline = time.monotonic() + scene.seconds
    turns = 0
    while time.monotonic() < deadline:
        token = new_token(scene.rng)
        with scene.journal.writing(Item("page/old-age", token, "public"), act="page"):
            ThemePage.objects.filter(pk=page.pk).update(lead=f"Canary {token} on old age.")
        scene.pause(1.5)
        with scene.journal.writing(Item("page/old-age", token, "members"), act="restrict"):
            PageViewRestriction.objects.create(page=section, restriction_type="login")
        scene.pause(1.5)
        with scene.journal.writing(Item("page/old-age", token, "public"), act="open"):
            PageViewRestriction.objects.filter(page=section).delete()
        scene.pause(1.0)
        turns += 1
    scene.figures["section closed"] = f"{turns} times"
    yield


@fault(26, "power cut", ways=("full", "embedded"), outage=True, short=("embedded",))
def power_cut(scene: Scene) -> Iterator[None]:
    """Everything is killed at once, in the midst of writes; the machine starts again."""
    stage = scene.stage
    stage.kill_writer()
    stage.site.kill()
    for server in stage.servers.values():
        server.kill()
    connection.close()
    for server in stage.servers.values():
        server.start()
    stage.play()
    scene.write_on()
    yield


@fault(25, "SQLite: many writers, a long reader", ways=("embedded",))
def many_writers(scene: Scene) -> Iterator[None]:
    """Threads write as fast as fifty times a second together while a reader keeps an old view open."""
    refused: list[str] = []
    written = [0] * WRITERS
    started = time.monotonic()
    deadline = started + scene.seconds

    def write(place: int) -> None:
        for turn in count():
            due = started + turn * WRITERS / RATE
            if due > deadline:
                break
            time.sleep(max(0.0, due - time.monotonic()))
            token = new_token()
            try:
                with scene.journal.writing(Item(f"thread/{token}", token, "public"), act="create"):
                    resource(title(token), authors=["Diop, A."], live=True, seen_at=f"{MARK}thread/{token}")
                    written[place] += 1
            except DatabaseError as error:
                refused.append(str(error))
        connection.close()

    reader = sqlite3.connect(f"file:{settings.DATABASES['default']['NAME']}?mode=ro", uri=True)
    reader.execute("BEGIN")
    seen = reader.execute("SELECT COUNT(*) FROM library_resource").fetchone()[0]
    threads = [threading.Thread(target=write, args=(place,)) for place in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    scene.expect(not refused, f"{len(refused)} writes were refused: {refused[:1]}")
    still = reader.execute("SELECT COUNT(*) FROM library_resource").fetchone()[0]
    scene.expect(still == seen, f"the long reader saw {seen} rows, then {still}")
    reader.close()
    spent = time.monotonic() - started
    scene.figures["written"] = f"{sum(written)} by {WRITERS} threads, {sum(written) / spent:.0f}/s"
    yield
