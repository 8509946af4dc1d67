"""Playing one fault: people work, something breaks, is mended, settles, and everything is judged."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median

from celery import current_app
from django.utils import timezone

from search.models import Target
from tests.faults import checker, points
from tests.faults.browser import Answer, Case, Crowd, Driver, Person, Reader
from tests.faults.canaries import History, Item, Journal, Loss, new_token
from tests.faults.content import People
from tests.faults.stage import Stage
from tests.faults.texts import MARK, title
from tests.library.factories import resource

BEFORE, AFTER = 3.0, 2.0  # seconds of work before something breaks, and after it was mended
READING, WRITING = 0.15, 0.5  # seconds between two requests of one person, on average


@dataclass(frozen=True)
class Fault:
    """One entry of the list. `play` is a generator: break, `yield`, mend; after a second `yield` it may look.

    `outage`: the database or the web server itself is down meanwhile, so that pages may fail.
    """

    number: int
    name: str
    play: Callable[["Scene"], Iterator[None]]
    ways: tuple[str, ...] = ("full",)
    outage: bool = False
    needs: frozenset[str] = frozenset()  # servers
    short: tuple[str, ...] = ()  # in which ways it belongs to the usual tests


FAULTS: list[Fault] = []


def fault(number: int, name: str, **how) -> Callable:
    """Decorator: add a fault to the list."""

    def add(play: Callable[["Scene"], Iterator[None]]) -> Callable:
        FAULTS.append(Fault(number, name, play, **how))
        return play

    return add


@dataclass
class Scene:
    """What a fault may use: the stage, chance, and a place for what it finds wrong by itself."""

    stage: Stage
    people: People
    rng: Random
    label: str  # fault and seed
    journal: Journal  # of the people
    people_file: Path  # where it is
    writings: Path  # the writer's journal
    seconds: float
    lost: Loss | None = None  # set where the database goes back to a copy
    wrong: list[str] = field(default_factory=list)
    figures: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, fault: Fault, stage: Stage, people: People, seed: int, seconds: float) -> "Scene":
        label = f"{fault.number}:{seed}"
        of_people, writings = (stage.root / f"{fault.number}-{name}.jsonl" for name in ("people", "writer"))
        return cls(stage, people, Random(label), label, Journal(of_people), of_people, writings, seconds)

    def expect(self, holds: bool, otherwise: str) -> None:
        """Note what is wrong unless it holds."""
        if not holds:
            self.wrong.append(otherwise)

    def write_on(self) -> None:
        """Let a new writer begin where one was killed."""
        self.stage.start_writing(self.writings, f"{self.rng.random()}")

    def pause(self, most: float) -> None:
        """Let a random time pass."""
        time.sleep(self.rng.uniform(0.2, most))

    def until(self, holds: Callable[[], object], seconds: float) -> bool:
        """Wait until it holds; False if it does not within the time."""
        deadline = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.1)
        return True


@dataclass
class Verdict:
    """What became of one fault."""

    fault: Fault
    wrong: dict[str, list[str]]
    figures: dict[str, str]

    @property
    def is_good(self) -> bool:
        return not any(self.wrong.values())


def play(fault: Fault, scene: Scene, cases: list[Case], base: Path) -> Verdict:
    """Play a fault from a healthy stage to a healthy stage."""
    checker.forget_connection()
    since, hidden = checker.clean(), checker.hidden_cases()
    for case in cases:
        case.hidden = hidden[case.number]
        journal_state(scene.journal, case)
    scene.stage.heal()
    if checker.settle(scene.stage.site.start) is None:
        raise RuntimeError(f"Before fault {fault.number} the stage does not come to rest.")
    points.forget_nudges(scene.stage.root)
    work = Work(scene, cases, [base, scene.writings, scene.people_file])
    outage, looking = _break_and_mend(fault, scene, work)
    checker.forget_connection()
    settled = checker.settle(scene.stage.site.start)
    if looking:
        next(looking, None)
    seen = checker.Observed(
        work.history(), work.answers(), work.driver, scene.people.readers, outage, since, scene.stage.node,
        held_up=points.held_up(scene.stage.root), lossy=scene.lost is not None,
    )  # fmt: skip
    wrong = {name: judge(seen) for name, judge in checker.INVARIANTS.items()}
    wrong["I11 self-healing"] = [] if settled is not None else [f"not settled {checker.SETTLE} s after healing"]
    wrong["its own"] = scene.wrong + work.crowd.errors + lively(seen)
    figures = {"settled": "never" if settled is None else f"{settled:.1f} s"}
    figures |= {"found after": _probe(scene.people.readers["public"], scene.journal)}
    return Verdict(fault, wrong, figures | _figures(seen) | scene.figures)


class Work:
    """People and the writer at work."""

    def __init__(self, scene: Scene, cases: list[Case], journals: list[Path]) -> None:
        self.scene, self.journals, people = scene, journals, scene.people
        self.readers = [
            Reader(person, journals, Random(f"{scene.label}/{name}")) for name, person in people.readers.items()
        ]
        chance = Random(f"{scene.label}/driver")
        self.driver = Driver(people.asker, people.editor, scene.journal, cases, chance, scene.label)
        self.crowd = Crowd()

    def start(self) -> None:
        self.scene.stage.start_writing(self.scene.writings, self.scene.label)
        for reader in self.readers:
            self.crowd.add(reader.step, READING, reader.rng)
        self.crowd.add(self.driver.step, WRITING, self.driver.rng)

    def stop(self) -> None:
        self.scene.stage.stop_writing()
        self.crowd.stop()

    def history(self) -> History:
        return History.read([path for path in self.journals if path.exists()], self.scene.lost)

    def answers(self) -> list[Answer]:
        """Return what was read; what was seen before a loss belongs to a past that did not happen."""
        since = self.scene.lost.lost if self.scene.lost else 0.0
        return [answer for reader in self.readers for answer in reader.answers if answer.first >= since]


def _break_and_mend(fault: Fault, scene: Scene, work: Work) -> tuple[tuple[float, float] | None, Iterator[None] | None]:
    """Let people work and the fault happen; return when pages may have failed, and the fault if it looks again."""
    work.start()
    acting = fault.play(scene)
    time.sleep(BEFORE)
    broken = time.monotonic()
    try:
        next(acting)
        time.sleep(max(0.0, scene.seconds - (time.monotonic() - broken)))
        looks_again = next(acting, "ended") != "ended"
        scene.stage.heal()
        mended = time.monotonic()
        time.sleep(AFTER)
    finally:
        work.stop()
    outage = (broken, mended + AFTER) if fault.outage else None
    return outage, acting if looks_again else None


def journal_state(journal: Journal, case: Case) -> None:
    """Note in which state a case enters the scene."""
    with journal.writing(Item(case.name, case.token, "staff" if case.hidden else "members"), act="state"):
        pass


def lively(seen: checker.Observed) -> list[str]:
    """Return what shows that nothing was tested: a scene in which nobody wrote or found anything is no proof."""
    wrong = [] if len(seen.answers) > 10 else [f"only {len(seen.answers)} answers were read"]
    if len({act for act, _, acked in seen.history.acts if acked}) < 5:
        wrong.append("hardly anything was written")
    if not any(answer.tokens() for answer in seen.answers):
        wrong.append("no reader found any canary")
    return wrong


def next_comparison(scene: Scene) -> bool:
    """Let the regular comparison of Elasticsearch come round now instead of in minutes, until it proves equality."""
    started = timezone.now()
    for _ in range(20):
        current_app.send_task("search.tasks.reconcile")
        if scene.until(lambda: Target.objects.filter(proven_at__gt=started).exists(), 5):
            return True
    return False


def _probe(visitor: Person, journal: Journal) -> str:
    """Write something on the healthy stage, and say after how long a visitor finds it."""
    token = new_token()
    with journal.writing(Item(f"probe/{token}", token, "public"), act="create"):
        resource(title(token), authors=["Diop, A."], live=True, seen_at=f"{MARK}probe/{token}")
    started = time.monotonic()
    while time.monotonic() - started < checker.SETTLE:
        if token in visitor.search(token).tokens():
            return f"{time.monotonic() - started:.2f} s"
    return "never"


def _figures(seen: checker.Observed) -> dict[str, str]:
    refused = sum(not acked for _, _, acked in seen.history.acts)
    held_up = {"held up": f"{len(seen.held_up)} times, {median(seen.held_up):.2f} s"} if seen.held_up else {}
    return held_up | {
        "reads": _times(seen.answers),
        "posts": _times(seen.driver.answers),
        "writes": f"{len(seen.history.acts)} ({refused} refused)",
    }


def _times(answers: Sequence[Answer]) -> str:
    """Return how many there were, and how long they took: median, 99th of a hundred, longest."""
    seconds = sorted(answer.seconds for answer in answers) or [0.0]
    shown = (median(seconds), seconds[int(len(seconds) * 0.99)], seconds[-1])
    return f"{len(answers)} in {'/'.join(f'{each * 1000:.0f}' for each in shown)} ms"
