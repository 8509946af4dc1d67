"""Samples of two arms, and what follows from them: ratios, intervals, exponents, verdicts. Pure.

Absolute times say more about a machine's other work than about a program. What can be trusted is the ratio of two arms
that are measured alternately, in random order, in blocks: the median of the blocks' ratios, with an interval from
drawing blocks anew (https://arxiv.org/abs/2001.05811 measures so too).
"""

import random
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil, log
from typing import Literal

DRAWS = 2_000
NOISE = (0.95, 1.05)  # of an arm measured against itself
Statistic = Callable[[Sequence[float]], float]
Block = tuple[Sequence[float], Sequence[float]]  # seconds of both arms
Verdict = Literal["met", "missed", "void"]


@dataclass(frozen=True)
class Interval:
    """A figure with its 95 % interval. An exact one, such as a count, has no width."""

    middle: float
    low: float
    high: float

    def __str__(self) -> str:
        if self.low == self.middle == self.high:
            return f"{self.middle:.5g}"
        return f"{self.middle:.3g} ({self.low:.3g} to {self.high:.3g})"


def exact(value: float) -> Interval:
    return Interval(value, value, value)


@dataclass(frozen=True)
class Goal:
    """A bound that a figure must keep: its bad end, not its middle."""

    bound: float
    lower: bool = False  # the figure must not be below, rather than not above

    def verdict(self, found: Interval, noise: Sequence[float] = ()) -> Verdict:
        """Judge a figure; void if one of the controls says that the machine was too noisy."""
        if not is_quiet(noise):
            return "void"
        good = found.low >= self.bound if self.lower else found.high <= self.bound
        return "met" if good else "missed"

    def __str__(self) -> str:
        return f"{'>=' if self.lower else '<='} {self.bound:g}"


def is_quiet(noise: Sequence[float]) -> bool:
    """Say whether arms measured against themselves came out alike."""
    return all(NOISE[0] <= control <= NOISE[1] for control in noise)


@dataclass
class Samples:
    """Blocks of paired seconds: wall time, and the process's own CPU time."""

    wall: list[Block] = field(default_factory=list)
    cpu: list[Block] = field(default_factory=list)

    @property
    def pairs(self) -> int:
        return sum(len(one) for one, _ in self.wall)


def p95(values: Sequence[float]) -> float:
    """Return the value that 95 % of the values do not exceed."""
    return sorted(values)[ceil(0.95 * len(values)) - 1]


def ratio(blocks: Sequence[Block], statistic: Statistic = statistics.median, seed: int = 1) -> Interval:
    """Return the median of the blocks' ratios of a statistic. Raises ValueError without blocks."""
    if not blocks:
        raise ValueError("No block was measured.")
    ratios = [statistic(one) / statistic(other) for one, other in blocks]
    return interval(ratios, statistics.median, seed)


def interval(values: Sequence[float], middle: Statistic = statistics.median, seed: int = 1) -> Interval:
    """Return the middle of values with the 2.5 and 97.5 per cent points of drawing them anew."""
    chance = random.Random(seed)
    drawn = sorted(middle(chance.choices(values, k=len(values))) for _ in range(DRAWS))
    return Interval(middle(values), drawn[round(DRAWS * 0.025)], drawn[round(DRAWS * 0.975) - 1])


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """Return the exponent of growth of positive values: the slope of log y on log x by least squares.

    Raises ValueError for fewer than two different x.
    """
    if len({x for x, _ in points}) < 2:
        raise ValueError("Growth needs two sizes at least.")
    xs, ys = [log(x) for x, _ in points], [log(y) for _, y in points]
    return statistics.linear_regression(xs, ys).slope
