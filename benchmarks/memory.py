"""What a web worker of a database holds in memory: `python -m benchmarks.memory` prints it in KB.

A process of its own that serves pages and searches, as a worker does; asked by C2 for two sizes.
"""

import os
import subprocess
import sys
from pathlib import Path

import django

ROUNDS = 3
KEEP = "BENCH_KEEP"  # mutation: hold all texts


def measured(env: dict[str, str]) -> int:
    """Return the KB of memory that a worker with these settings has of its own after its work."""
    command = [sys.executable, "-m", "benchmarks.memory"]
    done = subprocess.run(command, env={**os.environ, **env}, check=True, capture_output=True, text=True)
    return int(done.stdout)


def own_kilobytes() -> int:
    """Return the process's memory without what it maps from files, such as the database (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon:"))


def main() -> None:
    django.setup()
    from benchmarks.searching import questions
    from benchmarks.sites import page_cache
    from benchmarks.visits import pages, site
    from sync.models import Document

    with page_cache(False):
        for _ in range(ROUNDS):
            for address in (*pages().values(), *(f"/en/search/?q={text}" for text in questions())):
                site().get(address)
        kept = list(Document.objects.values_list("text", "summary")) if KEEP in os.environ else []
        print(own_kilobytes())
        del kept


if __name__ == "__main__":
    main()
