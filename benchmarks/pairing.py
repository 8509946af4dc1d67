"""Two calls measured alternately: the order inside each pair is random, so that drift meets both."""

import gc
import random
import time
from collections.abc import Callable

from benchmarks.samples import Samples

Call = Callable[[int], object]  # called with the number of the pair, the same for both arms
WARM = 50  # calls of each arm before the first pair
BLOCKS, PAIRS = 10, 300
FEWEST = 2  # pairs of a block


class RefusedError(Exception):
    """What cannot be measured honestly; the message says why and what to do."""


def same(one: object, other: object, what: str) -> None:
    """Refuse arms that claim to do the same and do not."""
    if one != other:
        raise RefusedError(f"{what}: the two arms answer differently ({one!r} and {other!r}): mend that first.")


def compare(
    one: Call, other: Call, seconds: float = 0, blocks: int = BLOCKS, pairs: int = PAIRS, warm: int = WARM
) -> Samples:
    """Measure both arms, `blocks` times `pairs` pairs; fewer pairs where those would take more than `seconds`."""
    chance = random.Random(1)
    gc.collect()
    gc.freeze()  # what is there by now is not looked at again before each block
    start, number = time.perf_counter(), 0
    while number < warm and not (seconds and time.perf_counter() - start > seconds / 10):
        one(number), other(number)
        number += 1
    if seconds:
        pair = (time.perf_counter() - start) / number
        pairs = max(FEWEST, min(pairs, int(seconds / (blocks * pair))))
    found = Samples()
    for _ in range(blocks):
        gc.collect()
        wall: tuple[list[float], list[float]] = ([], [])
        cpu: tuple[list[float], list[float]] = ([], [])
        for _ in range(pairs):
            for arm in chance.sample((0, 1), 2):
                spent = _spent((one, other)[arm], number)
                wall[arm].append(spent[0])
                cpu[arm].append(spent[1])
            number += 1
        found.wall.append(wall)
        found.cpu.append(cpu)
    return found


def _spent(call: Call, number: int) -> tuple[float, float]:
    """Return the seconds of one call: on the clock, and of this process's CPU."""
    cpu, wall = time.process_time(), time.perf_counter()
    call(number)
    return time.perf_counter() - wall, time.process_time() - cpu


def control(call: Call, seconds: float) -> Samples:
    """Measure an arm against itself."""
    return compare(call, call, seconds, BLOCKS // 2)
