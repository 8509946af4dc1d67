"""Faults played on real servers and processes.

    python -m tests.faults [--only 3,7] [--short] [--seed N] [--seconds 20] [--broken tombstones]

Prints, for each fault, which invariants held. With --broken a safeguard is switched off: then the run must go red.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import django

from tests.databases import ROOT
from tests.faults.report import table

WAYS = ("full", "embedded")


def arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__.split("\n")[0])
    parser.add_argument("--only", default="", help="numbers of faults, with commas (default: all)")
    parser.add_argument("--short", action="store_true", help="the ten that belong to the usual tests")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same acts (default: 1)")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long each fault lasts (default: 20)")
    parser.add_argument("--broken", default="", help="safeguards to switch off, with commas")
    parser.add_argument("--way", choices=WAYS, help="play those of one way to run in this process")
    parser.add_argument("--json", type=Path, help="write the verdicts there too")
    options = parser.parse_args(given)
    try:
        options.numbers = {int(number) for number in options.only.split(",") if number}
    except ValueError:
        parser.error("--only takes numbers with commas, such as 3,7")
    return options


def play_way(options: argparse.Namespace) -> list[dict]:
    """Play the chosen faults of one way in this process."""
    from tests.faults.stage import stage

    broken = [name for name in options.broken.split(",") if name]
    with stage(options.way, broken) as made:
        os.environ.update(made.direct)
        django.setup()
        from tests.faults.running import run  # Django's models can be imported now

        return run(made, options)


def play_all(options: argparse.Namespace, given: list[str]) -> list[dict]:
    """Play each way in a process of its own, since Django has one database for life."""
    found = []
    for way in WAYS:
        with tempfile.TemporaryDirectory() as folder:
            result = Path(folder) / "verdicts.json"
            command = [sys.executable, "-m", "tests.faults", *given, "--way", way, "--json", str(result)]
            with subprocess.Popen(command, cwd=ROOT) as child:
                try:
                    code = child.wait()
                except BaseException:
                    child.terminate()  # it stops its servers; killed, it would leave them behind
                    raise
            if not result.exists():
                sys.exit(f"The faults of the {way} way could not be played (exit code {code}): see above.")
            found += json.loads(result.read_text())
    return found


def main(given: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what runs is stopped in order
    options = arguments(given)
    verdicts = play_way(options) if options.way else play_all(options, given)
    if options.json:
        options.json.write_text(json.dumps(verdicts))
    if not options.way:
        sys.stdout.write(table(verdicts) + "\n")
        if not verdicts:
            sys.exit(f"There is no such fault: {options.only}.")
    return 0 if all(verdict["good"] for verdict in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
