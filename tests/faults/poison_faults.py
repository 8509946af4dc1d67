"""Fault 17: contents that cannot be projected, or only at a price that nobody can pay. Their neighbours are fine."""

import resource as limits
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils import timezone

from library.models import Resource
from qa.models import Answer, AnswerVersion, Question, QuestionText
from sync.models import State
from sync.projection import MAX_ATTEMPTS
from tests.faults.canaries import Item, new_token
from tests.faults.playing import Scene, fault
from tests.faults.points import HANGING, HUNGRY
from tests.faults.servers import descendants
from tests.faults.texts import MARK
from tests.library.factories import resource

WORDS = "benefit zzzqx " * 3_600_000  # 50 MB
SPARE = 2 * 2**30  # bytes that a process may take beyond what it has: plenty for sound contents
TRIED = 60  # seconds within which a key that fails must have been tried
NAME = "poison: a huge text, one that hangs, one that needs too much memory, a row without its parts"


@fault(17, NAME, ways=("full", "embedded"))
def poison(scene: Scene) -> Iterator[None]:
    huge = _huge(scene)
    done = scene.until(lambda: State.objects.filter(key=_key(huge), done__gt=0).exists(), TRIED)
    scene.expect(done, "the huge text was never projected")
    question = _without_text()
    with _bounded_memory(scene):
        strange = [resource(f"{word} {new_token(scene.rng)}", live=False) for word in (HANGING, HUNGRY)]
        sick = {"without its parts": question.key, "hanging": _key(strange[0]), "hungry": _key(strange[1])}
        waiting = State.objects.filter(key__in=sick.values()).exclude(reason="")
        scene.expect(scene.until(lambda: waiting.count() == len(sick), TRIED), "not all of the poison was tried")
        yield
    for name, key in sick.items():
        state = State.objects.get(key=key)
        scene.figures[name] = f"tried {state.attempts} times: {state.reason[:40]}"
        scene.expect(0 < state.attempts <= MAX_ATTEMPTS, f"{name} was tried {state.attempts} times")
        scene.expect(bool(state.reason), f"{name}: the state names no reason")
    # What was wrong is put right, and nobody has to say so: the change takes it out of the parking place.
    QuestionText.objects.create(question=question, language="en", title="Cured?", created_at=timezone.now())
    for row in strange:
        row.delete()
    with scene.journal.writing(Item("huge", "", None), act="delete"):
        huge.delete()


def _huge(scene: Scene) -> Resource:
    """Publish a text of 50 MB."""
    token = new_token(scene.rng)
    with scene.journal.writing(Item("huge", token, "public"), act="create"):
        return resource(
            f"Canary {token}",
            authors=["Diop, A."],
            abstract=f"Canary {token} {WORDS}",
            live=True,
            seen_at=f"{MARK}huge",
        )


def _key(row: Resource) -> str:
    return f"resource:{row.pk}"


@contextmanager
def _bounded_memory(scene: Scene) -> Iterator[None]:
    """Give every process of the site, and those that follow it, little more address space than it has now."""
    for pid in _processes(scene):
        size = int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * limits.getpagesize()
        limits.prlimit(pid, limits.RLIMIT_AS, (size + SPARE, limits.RLIM_INFINITY))
    try:
        yield
    finally:
        for pid in _processes(scene):
            limits.prlimit(pid, limits.RLIMIT_AS, (limits.RLIM_INFINITY, limits.RLIM_INFINITY))


def _processes(scene: Scene) -> list[int]:
    found = [process.pid for process in scene.stage.site.processes.values() if process.poll() is None]
    return [*found, *(child for pid in found for child in descendants(pid))]


def _without_text() -> Question:
    """Return a question with a cleared answer and no text, which no service would leave: its entry cannot be built."""
    now = timezone.now()
    question = Question.objects.create(language="en", visibility="members", status="answered", submitted_at=now)
    AnswerVersion.objects.create(
        answer=Answer.objects.create(question=question), language="en", body_md="It pays.", state="cleared",
        cleared_at=now, created_at=now,
    )  # fmt: skip
    return question
