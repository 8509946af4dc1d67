"""What GESS costs, as ratios measured side by side: `make bench`, or

    python -m benchmarks [--size 10000] [--engine sqlite] [--only S1,S2] [--full] [--mutate S1]

Prints one line for each figure with its interval, its goal and the verdict, by the bad end of the interval; lines whose
control left 0.95-1.05 are void. Raw samples go to var/bench/results. `--full` measures the whole number of pairs,
otherwise each ratio gets `--seconds`. `--mutate` breaks what a goal guards, to see that the measurement notices.
"""

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import django

from benchmarks import servers, stores, table

Copy = Callable[[int, str], str]
# What is measured with each engine, all if nothing is said; what does not depend on it is measured with SQLite.
GOALS = {
    "sqlite": (),
    "postgresql": ("P5", "S1", "S2", "S4", "T1", "T2", "T3", "R1", "R2", "R3", "C1"),
    "elasticsearch": ("S1", "S4", "T2", "T3", "R1", "R2", "R3"),
}


def main() -> int:
    """Measure and print; return 1 if a goal was missed that was measured."""
    arguments = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # still stops servers, and removes what the run wrote
    if os.environ.get("DEBUG", "").lower() in ("1", "true", "yes", "on"):
        sys.exit("Unset DEBUG: it counts and keeps every statement.")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="run-", dir=_folder())))
        copy, env = _databases(arguments, folder, stack)
        os.environ.update(env)
        django.setup()
        return _measure(arguments, folder, copy, stack)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=10_000, help="generated documents (default: 10000)")
    parser.add_argument("--engine", choices=GOALS, default="sqlite")
    parser.add_argument("--only", default="", help="identifiers of goals, with commas")
    parser.add_argument("--seconds", type=float, default=2.0, help="for each ratio (default: 2)")
    parser.add_argument("--full", action="store_true", help="the whole number of pairs, however long that takes")
    parser.add_argument("--mutate", default="", metavar="ID", help="break what this goal guards; measures it alone")
    arguments = parser.parse_args()
    if arguments.size < 1_000:
        parser.error("--size: at least 1000, so that classes of words have documents.")
    return arguments


def _folder() -> Path:
    stores.FOLDER.mkdir(parents=True, exist_ok=True)
    return stores.FOLDER


def _databases(arguments: argparse.Namespace, folder: Path, stack: ExitStack) -> tuple[Copy, stores.Environment]:
    """Make the database of the run; return what makes further ones, and its settings."""
    if arguments.engine == "sqlite":
        stores.copy(arguments.size, folder)
        return stores.Files(folder).copy, stores.environment(folder)
    databases = stack.enter_context(servers.postgresql(folder))
    env = stores.environment(folder, databases.url_of(databases.copy(arguments.size, "run")))
    if arguments.engine == "elasticsearch":
        env |= stack.enter_context(servers.node())
    return databases.copy, env


def _measure(arguments: argparse.Namespace, folder: Path, copy: Copy, stack: ExitStack) -> int:
    # Django must be set up before these are imported.
    from django.db import connections

    from benchmarks import freshness, naming, rebuilding, searching, visible, visits, writing  # noqa: F401
    from benchmarks.goals import MEASUREMENTS, Run, results
    from benchmarks.mutations import mutated
    from benchmarks.relevance.loading import replica

    usual = GOALS[arguments.engine] or MEASUREMENTS
    wanted = [arguments.mutate] if arguments.mutate else arguments.only.split(",") if arguments.only else usual
    if unknown := set(wanted) - set(MEASUREMENTS):
        sys.exit(f"Unknown: {', '.join(sorted(unknown))}. There are {', '.join(MEASUREMENTS)}.")
    stack.callback(connections.close_all)
    stack.enter_context(replica())
    if arguments.mutate:
        stack.enter_context(mutated(arguments.mutate))
    run = Run(arguments.size, arguments.engine, 0 if arguments.full else arguments.seconds, folder, copy)
    found = []
    for result in results(run, list(wanted)):
        found.append(result)
        print(" ", *table.row(result)[:-1], sep="  ", file=sys.stderr, flush=True)
    print(table.markdown(found, run))
    if arguments.mutate:
        print(f"\nMutated for {arguments.mutate}: the figure must be missed.")
    else:
        print(f"\nRaw samples: {table.keep(found, run, stores.FOLDER / 'results')}")
    return int(any(result.verdict == "missed" for result in found))


if __name__ == "__main__":
    sys.exit(main())
