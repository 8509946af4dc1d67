"""Pages: P1 to P5 and W1. Needs Django set up."""

import hashlib
import re
import statistics
from collections.abc import Iterator
from functools import cache

from django.db import connection

from benchmarks.goals import Result, Run, measures, ratio_result
from benchmarks.pairing import RefusedError, same
from benchmarks.samples import Goal, exact, p95
from benchmarks.sites import Databases, Site, page_cache

PAGES = {
    "home": "/en/",
    "library": "/en/library/",
    "resource": "/en/library/643/",
    "countries": "/en/countries/",
    "country": "/en/countries/sen/",
    "themes": "/en/themes/",
    "theme": "/en/themes/maternity/",
    "search": "/en/search/?q=maternity+Senegal",
    "glossary": "/en/glossary/",
    "experts": "/en/experts/",
    "questions": "/en/questions/",
    "ask": "/en/questions/ask/",
}
DETAILS = {"term": "/en/glossary/", "expert": "/en/experts/", "question": "/en/questions/"}  # the first of each list
CACHED = ("home", "country")
SMALL = 1_000  # documents of the database that SQL is compared with


@cache
def site() -> Site:
    return Site()


def pages() -> dict[str, str]:
    """Return an address of each type of page. Refuses an empty corpus."""
    return {**PAGES, **{name: first_of(address) for name, address in DETAILS.items()}}


def first_of(address: str) -> str:
    """Return where the first row of a list leads."""
    found = re.search(r'<h3><a href="([^"]+)"', site().get(address).text)
    if found is None:
        raise RefusedError(f"{address} has no rows: load the content first (manage.py load_content).")
    return found[1]


@measures("P1")
def cached_pages(run: Run) -> Iterator[Result]:
    """A kept page against the empty view."""
    for name in CACHED:
        address = PAGES[name]
        with page_cache(False):
            made = site().get(address).text
        with page_cache(True):
            site().get(address)
            same(digest(made), digest(site().get(address).text), f"{name}, made and kept")
            measured = run.measure(lambda _, address=address: site().get(address), site().empty, pairs=1_000)
        yield ratio_result("P1", f"kept page ({name}) / empty view, p50", Goal(1.2), measured)
        yield ratio_result("P1", f"kept page ({name}) / empty view, p95", Goal(1.5), measured, p95)


@measures("P2")
def made_pages(run: Run) -> Iterator[Result]:
    """CPU of each type of page, made anew, against the empty view."""
    with page_cache(False):
        for name, address in pages().items():
            same(digest(site().get(address).text), digest(site().get(address).text), f"{name}, made twice")
            measured = run.measure(lambda _, address=address: site().get(address), site().empty, share=0.3)
            yield ratio_result("P2", f"page made anew ({name}) / empty view, CPU", Goal(8), measured, clock="cpu")


@measures("P5")
def statements(run: Run) -> Iterator[Result]:
    """SQL of each type of page at two sizes: the worst count, and whether any page takes more where there is more."""
    files = Databases({"large": str(connection.settings_dict["NAME"]), "small": run.copy(SMALL, "small")})
    with page_cache(False):
        addresses = pages()
        large = {name: site().statements(address) for name, address in addresses.items()}
        with files.using("small"):
            few = {name: site().statements(address) for name, address in addresses.items()}
    worst = max(large, key=lambda name: large[name])
    grown = {name: large[name] - few[name] for name in large if large[name] != few[name]}
    counts = ", ".join(f"{name} {count}" for name, count in large.items())
    yield Result("P5", f"SQL statements of the worst page ({worst})", exact(large[worst]), Goal(8), note=counts)
    yield Result(
        "P5",
        f"pages with other SQL at {SMALL:,}",
        exact(len(grown)),
        Goal(0),
        note=str(grown) if grown else "all equal",
    )


@measures("W1")
def weights(run: Run) -> Iterator[Result]:
    """Compressed bytes of a first view: HTML, style sheet and script."""
    with page_cache(False):
        sizes = {name: site().first_view(address) / 1000 for name, address in pages().items()}
    worst = max(sizes, key=lambda name: sizes[name])
    note = ", ".join(f"{name} {size:.1f}" for name, size in sizes.items())
    yield Result("W1", f"KB of the heaviest first view ({worst})", exact(round(sizes[worst], 2)), Goal(25), note=note)
    yield Result("W1", "KB of a first view, median of page types", exact(round(statistics.median(sizes.values()), 2)))


def digest(text: str) -> str:
    """Return the hash of a page without what is new in each one: the secret against forged forms."""
    return hashlib.sha256(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text).encode()).hexdigest()[:16]
