"""Names in texts: L1 to L4 by `benchmarks.linking`, and R4. Needs Django set up."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from benchmarks import linking, stores
from benchmarks.goals import TRIES, Measurement, Result, Run, measures
from benchmarks.samples import Goal, exponent, interval, is_quiet

WHAT = {
    "L1": "our linker / bare scan by pyahocorasick, 1,000 names",
    "L2": "linking HTML / finding names in its text",
    "L3 at 1,000": "one regular expression / our linker, 1,000 names",
    "L3 at 10,000": "one regular expression / our linker, 10,000 names",
    "L4": "exponent of time in the number of names, 10^2 to 10^5",
}
SMALL, HOLDERS, TIMES = 1_000, 20, 3
DEFAULT_SECONDS = 20.0


def _linker(id_: str) -> Measurement:
    """Return the measurement of one goal of the linker by itself, on the texts of the own content, by CPU time."""

    def measurement(run: Run) -> Iterator[Result]:
        seconds = run.seconds or DEFAULT_SECONDS
        text = linking.without_tags(linking.page_html())
        matcher = linking.matcher(1_000, text)
        for _ in range(TRIES):
            noise = [linking.itself(matcher, text, seconds / 5).middle]
            found = dict(linking.measure([id_], seconds))
            noise.append(linking.itself(matcher, text, seconds / 5).middle)
            if is_quiet(noise):
                break
        for name, figure in found.items():
            yield Result(id_, WHAT[name], figure, linking.GOALS[name], figure, noise, "by CPU time")

    return measurement


for _id in ("L1", "L2", "L3", "L4"):
    measures(_id)(_linker(_id))


@measures("R4")
def renaming(run: Run) -> Iterator[Result]:
    """Rename a term that a few texts hold, among few and among many documents."""
    if connection.vendor != "sqlite" or run.size <= SMALL:
        yield Result("R4", "renaming a term", None, note=f"between two SQLite files: use a --size above {SMALL:,}")
        return
    slopes, controls, seconds = [], [], {}
    for turn in range(TIMES):
        for name, size in (("small", SMALL), ("again", SMALL), ("large", run.size)):
            seconds[name] = _renamed(stores.copy(size, run.folder / f"renaming-{name}-{turn}").parent)
        slopes.append(exponent([(SMALL, seconds["small"]), (run.size, seconds["large"])]))
        controls.append(seconds["again"] / seconds["small"])
    what = f"renaming a term in {HOLDERS} documents: exponent in all documents"
    note = f"last {1000 * seconds['small']:.0f} and {1000 * seconds['large']:.0f} ms"
    yield Result("R4", what, interval(slopes), Goal(0.1), None, [sorted(controls)[TIMES // 2]], note)


def _renamed(folder: Path) -> float:
    """Return the seconds of a renaming and its drain in the database of a folder."""
    command = [sys.executable, "-m", "benchmarks.linking", "--renames", str(HOLDERS)]
    env = {**os.environ, **stores.environment(folder)}
    done = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])["seconds"]
