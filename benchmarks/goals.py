"""The frame of a run: which figures there are, how they are measured against a control, and what comes out."""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from benchmarks.pairing import BLOCKS, PAIRS, Call, RefusedError, compare, control
from benchmarks.samples import Goal, Interval, Samples, Statistic, Verdict, is_quiet, ratio

Clock = Literal["wall", "cpu"]
ORDER = "PWSTRLC"  # first letters of goals
TRIES = 3  # of a measurement whose control fails


@dataclass
class Result:
    """One line of the table."""

    id: str
    what: str
    figure: Interval | None  # None: not measured, the note says why
    goal: Goal | None = None  # None: reported only
    cpu: Interval | None = None  # the same ratio by CPU time of this process
    noise: list[float] = field(default_factory=list)  # an arm against itself, before and after
    note: str = ""
    samples: Samples | None = None

    @property
    def verdict(self) -> Verdict | str:
        if self.figure is None:
            return "not measured"
        if self.goal is None:
            return "-" if is_quiet(self.noise) else "void"
        return self.goal.verdict(self.figure, self.noise)


def no_copies(size: int, label: str) -> str:
    raise RefusedError("This run has no further databases.")


@dataclass
class Run:
    """What a measurement is given: where things are, and how long it may take."""

    size: int
    engine: str
    seconds: float  # for one ratio; 0: the whole number of pairs
    folder: Path  # for whatever the run writes
    copy: Callable[[int, str], str] = no_copies  # by size and a label: the name of a new database of that size

    @property
    def is_inside(self) -> bool:
        """Say that all happens in this process, so that its CPU time says as much as the clock."""
        return self.engine == "sqlite"

    @property
    def full(self) -> bool:
        return not self.seconds

    def measure(self, one: Call, other: Call, pairs: int = PAIRS, share: float = 1.0) -> "Measured":
        """Compare two arms between two controls of the second one; again, if the machine was too noisy."""
        seconds = self.seconds * share
        for _ in range(TRIES):
            controls = [control(other, seconds / 5)]
            found = compare(one, other, seconds, BLOCKS, pairs)
            controls.append(control(other, seconds / 5))
            measured = Measured(found, controls, self.is_inside)
            if is_quiet(measured.noise("wall")) or measured.inside and is_quiet(measured.noise("cpu")):
                break
        return measured


@dataclass
class Measured:
    """Samples of two arms, and the controls before and after.

    Where all happens `inside` this process, its CPU time says the same as the clock, and other processes disturb it
    less: where the clock's controls fail, CPU time is judged instead, by controls of its own.
    """

    samples: Samples
    controls: list[Samples]
    inside: bool = True

    def noise(self, clock: Clock) -> list[float]:
        return [ratio(getattr(each, clock)).middle for each in self.controls]


def ratio_result(
    id_: str, what: str, goal: Goal | None, measured: Measured, statistic: Statistic = statistics.median,
    clock: Clock = "wall",
) -> Result:  # fmt: skip
    """Return the line of a ratio."""
    samples = measured.samples
    if clock == "wall" and measured.inside and not is_quiet(measured.noise("wall")):
        clock = "cpu"
    wall, cpu = (ratio(blocks, statistic) for blocks in (samples.wall, samples.cpu))
    other = statistics.median(seconds for _, arm in getattr(samples, clock) for seconds in arm)
    note = f"{len(samples.wall)} x {len(samples.wall[0][0])} pairs, the other arm {1000 * other:.3g} ms"
    note += " of CPU time" if clock == "cpu" else ""
    return Result(id_, what, cpu if clock == "cpu" else wall, goal, cpu, measured.noise(clock), note, samples)


Measurement = Callable[[Run], Iterator[Result]]
MEASUREMENTS: dict[str, Measurement] = {}


def measures(*ids: str) -> Callable[[Measurement], Measurement]:
    """Decorator: this function yields the lines of these goals."""

    def register(function: Measurement) -> Measurement:
        for id_ in ids:
            MEASUREMENTS[id_] = function
        return function

    return register


def results(run: Run, wanted: list[str]) -> Iterator[Result]:
    """Measure what is wanted, in the order of the goals. A measurement that is refused says so and stops nothing."""
    done: set[Measurement] = set()
    for id_, function in sorted(MEASUREMENTS.items(), key=lambda item: (ORDER.find(item[0][0]), item[0])):
        if id_ not in wanted or function in done:
            continue
        done.add(function)
        start = time.monotonic()
        try:
            yield from (result for result in function(run) if result.id in wanted)
        except RefusedError as error:
            yield Result(id_, "refused", None, note=str(error))
        print(f"{id_}: {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
