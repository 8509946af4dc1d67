"""What each type of page costs: `python -m benchmarks.pages`.

For each page, against an empty view through the same middleware, in one process and in pairs of random order: the
median ratio of CPU time with a bootstrap interval, SQL statements, and compressed bytes of the HTML. The run begins and
ends with the empty view against itself; where that ratio leaves 0.95-1.05 the machine was too noisy, and the run says
so. Works on the database that the settings name; loads nothing and changes nothing.
"""

import argparse
import os
import random
import re
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import django

PAGES = {
    "home": "/en/",
    "library": "/en/library/",
    "resource": "/en/library/643/",
    "countries": "/en/countries/",
    "country": "/en/countries/sen/",
    "themes": "/en/themes/",
    "theme": "/en/themes/maternity/",
    "search": "/en/search/?q=maternity+Senegal",
    "suggestions": "/en/search/suggest/?q=mat",
    "search API": "/api/v1/search/?q=pension",
    "glossary": "/en/glossary/",
    "experts": "/en/experts/",
    "questions": "/en/questions/",
    "ask": "/en/questions/ask/",
}
DETAILS = {"term": "/en/glossary/", "expert": "/en/experts/", "question": "/en/questions/"}  # the first of each list
EMPTY = "/robots.txt"


def main() -> int:
    """Print one line for each page; return 1 if the control says that the machine was too noisy."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=60, help="pairs for each page (default: 60)")
    pairs = parser.parse_args().pairs
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gess.settings.base")
    django.setup()

    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    if settings.DEBUG:
        sys.exit("Unset DEBUG: it counts and keeps every statement.")
    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client(headers={"accept-encoding": "gzip"})

    def visit(path: str) -> Callable[[], object]:
        return lambda: client.get(path)

    controls = [ratio(visit(EMPTY), visit(EMPTY), pairs)]
    print(f"{'page':<12} {'CPU / empty view':>24} {'SQL':>5} {'KB':>6}")
    found = {name: first_of(Client().get(path)) for name, path in DETAILS.items()}
    for name, path in {**PAGES, **found}.items():
        response = client.get(path)
        if response.status_code != 200:
            sys.exit(f"{path} answered {response.status_code}: load the content first (manage.py load_content).")
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        statements = len(queries)  # now: the next request empties the record
        middle, low, high = ratio(visit(path), visit(EMPTY), pairs)
        size = len(response.content) / 1024
        print(f"{name:<12} {middle:>9.1f} ({low:.1f} to {high:.1f}) {statements:>5} {size:>6.1f}")
    controls.append(ratio(visit(EMPTY), visit(EMPTY), pairs))
    print("empty view / itself: " + ", ".join(f"{middle:.2f}" for middle, _, _ in controls))
    if not all(0.95 <= middle <= 1.05 for middle, _, _ in controls):
        print("Void: the machine was too noisy.")
        return 1
    return 0


def first_of(response: Any) -> str:
    """Return where the first row of a list leads. Ends the run without rows."""
    found = re.search(r'<h3><a href="([^"]+)"', response.content.decode())
    if found is None:
        sys.exit(f"{response.request['PATH_INFO']} has no rows: load the content first (manage.py load_content).")
    return found[1]


def ratio(one: Callable, other: Callable, pairs: int) -> tuple[float, float, float]:
    """Return the ratio of median CPU times of two calls, with a 95 % bootstrap interval over pairs."""
    one(), other()
    times: list[tuple[float, float]] = []
    for _ in range(pairs):
        spent = {}
        for call in random.sample([one, other], 2) if one is not other else [one, other]:
            start = time.process_time()
            call()
            spent[id(call)] = time.process_time() - start
        times.append((spent[id(one)], spent[id(other)]))

    def of(sample: list[tuple[float, float]]) -> float:
        return statistics.median(a for a, _ in sample) / statistics.median(b for _, b in sample)

    resampled = sorted(of(random.choices(times, k=pairs)) for _ in range(400))
    return of(times), resampled[10], resampled[-11]


if __name__ == "__main__":
    sys.exit(main())
