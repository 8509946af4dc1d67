"""From publishing to being found, and from hiding to being hidden: T1 to T3. Needs Django set up."""

import random
import threading
import time
from collections.abc import Iterator
from urllib.parse import quote

from django.db import connection
from django.utils import timezone

from benchmarks.corpus import Corpus, Record
from benchmarks.filling import FIRST
from benchmarks.goals import Result, Run, measures
from benchmarks.pairing import RefusedError
from benchmarks.samples import Goal, exact
from benchmarks.sites import page_cache
from benchmarks.visits import site
from library.models import Resource

NUMBER = 5_000_000  # of the first resource that is published here
PHRASE = slice(1, 6)  # words of a summary that become the name of an instrument
PUBLISHED, RACED = 1_000, 100_000


def name_in(record: Record) -> str:
    """Return a phrase of a document's summary."""
    return " ".join(record.summary.split()[PHRASE])


def instrument(number: int, title: str) -> Resource:
    """Publish an international instrument: other texts name it by its title."""
    resource = Resource(
        number=number, language="en", type="international-instrument", title=title, first_published_at=timezone.now()
    )
    resource.save()
    return resource


def address(number: int) -> str:
    return f"/en/library/{number}/"


def found(title: str, number: int) -> bool:
    """Say whether the search finds a resource by its title."""
    return f"/library/{number}/" in site().get(f"/api/v1/search/?q={quote(title)}").text


@measures("T1")
def next_request(run: Run) -> Iterator[Result]:
    """Publish an instrument that a text names: is it found and linked at the next request, and gone after the next?"""
    misses, count = {"found": 0, "linked": 0, "gone": 0}, 0
    deadline = time.monotonic() + 4 * run.seconds
    records = (record for record in Corpus().records(run.size) if record.language == "en")
    with page_cache(True):
        for record in records:
            if count == PUBLISHED or (run.seconds and time.monotonic() > deadline):
                break
            count += 1
            title, number, page = name_in(record), NUMBER + count, address(FIRST + record.number)
            link = f'href="{address(number)}"'
            if link in site().get(page).text:
                raise RefusedError(f"{page} links {number} before that is there.")
            resource = instrument(number, title)
            # One of the two is the first request after the change.
            if count % 2:
                misses["found"] += not found(title, number)
            misses["linked"] += link not in site().get(page).text
            if not count % 2:
                misses["found"] += not found(title, number)
            resource.delete()
            misses["gone"] += link in site().get(page).text or found(title, number)
    what = "published or deleted, and not so at the next request"
    yield Result("T1", what, exact(sum(misses.values())), Goal(0), note=f"of {count} published and deleted; {misses}")


@measures("T3")
def races(run: Run) -> Iterator[Result]:
    """Search while another connection hides and shows: how often does an answer hold what was hidden all along?"""
    record = next(Corpus().records(1))
    number = FIRST + record.number
    hidden: list[list[float]] = []
    answers: list[tuple[float, float, bool]] = []  # asked, answered, shown
    over = threading.Event()
    errors: list[Exception] = []

    def turn(live: bool) -> None:
        """Change the row, and wait for one search that is asked and answered under the change, somewhere in a third."""
        Resource.objects.filter(number=number).update(live=live)
        if not live:
            hidden.append([time.monotonic(), float("inf")])
        enough = len(answers) + 2
        while len(answers) < enough and not over.wait(0.001):
            pass
        over.wait(random.uniform(0, 0.05))
        if not live:
            hidden[-1][1] = time.monotonic()  # before it is shown again

    def hide_and_show() -> None:
        try:
            while not over.is_set():
                turn(live=False)
                turn(live=True)
        except Exception as error:  # raised again by the thread that waits
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=hide_and_show)
    thread.start()
    try:
        deadline = time.monotonic() + 2 * run.seconds
        while len(answers) < RACED and not (run.seconds and time.monotonic() > deadline):
            asked = time.monotonic()
            shown = found(record.title, number)
            answers.append((asked, time.monotonic(), shown))
    finally:
        over.set()
        thread.join()
    if errors:
        raise errors[0]
    yield _verdict(hidden, answers)


def _verdict(hidden: list[list[float]], answers: list[tuple[float, float, bool]]) -> Result:
    """Count the answers that show the row though it was hidden from before they were asked until after they came."""
    whole = [any(h <= asked and got <= s for h, s in hidden) for asked, got, _ in answers]
    leaked = sum(shown and inside for (_, _, shown), inside in zip(answers, whole, strict=True))
    seen = sum(shown for _, _, shown in answers)
    if not sum(whole) or not seen:
        raise RefusedError("No search fell into a time of hiding, or none of showing: use more --seconds.")
    note = f"of {len(answers)} racing searches, {sum(whole)} within {len(hidden)} hidings; shown in {seen}"
    return Result("T3", "answers that hold what was hidden all along", exact(leaked), Goal(0), note=note)
