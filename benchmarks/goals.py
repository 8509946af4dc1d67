"""The frame of a run: which figures there are, how they are measured against a control, and what comes out."""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.pairing import BLOCKS, PAIRS, Call, RefusedError, compare, control
from benchmarks.samples import NOISE, Goal, Interval, Samples, Statistic, Verdict, exact, ratio

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
            return "void" if Goal(0).verdict(exact(0), self.noise) == "void" else "-"
        return self.goal.verdict(self.figure, self.noise)


@dataclass
class Run:
    """What a measurement is given: where things are, and how long it may take."""

    size: int
    engine: str
    seconds: float  # for one ratio; 0: the whole number of pairs
    folder: Path  # for whatever the run writes

    @property
    def full(self) -> bool:
        return not self.seconds

    def measure(self, one: Call, other: Call, pairs: int = PAIRS, share: float = 1.0) -> tuple[Samples, list[float]]:
        """Compare two arms between two controls of the second one; again, if the machine was too noisy."""
        seconds = self.seconds * share
        for _ in range(TRIES):
            noise = [control(other, seconds / 5).middle]
            found = compare(one, other, seconds, BLOCKS, pairs)
            noise.append(control(other, seconds / 5).middle)
            if all(NOISE[0] <= each <= NOISE[1] for each in noise):
                break
        return found, noise


def ratio_result(
    id_: str, what: str, goal: Goal | None, measured: tuple[Samples, list[float]],
    statistic: Statistic = statistics.median, by_cpu: bool = False,
) -> Result:  # fmt: skip
    """Return the line of a ratio; `by_cpu` judges CPU time instead of the clock."""
    samples, noise = measured
    wall, cpu = (ratio(blocks, statistic) for blocks in (samples.wall, samples.cpu))
    note = f"{len(samples.wall)} x {len(samples.wall[0][0])} pairs"
    return Result(id_, what, cpu if by_cpu else wall, goal, cpu, noise, note, samples)


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
    """Measure what is wanted, in the order of registration. A measurement that is refused says so and stops nothing."""
    done: set[Measurement] = set()
    for id_, function in MEASUREMENTS.items():
        if id_ not in wanted or function in done:
            continue
        done.add(function)
        start = time.monotonic()
        try:
            yield from (result for result in function(run) if result.id in wanted)
        except RefusedError as error:
            yield Result(id_, "refused", None, note=str(error))
        print(f"{id_}: {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
