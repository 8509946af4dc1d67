"""How fast names are found and linked: `python -m benchmarks.linking [--only L1,L2] [--seconds 20]`.

L1  the linker's time on text / a bare scan by pyahocorasick for the same 1,000 names, which knows neither words nor
    case nor accents
L2  linking HTML / finding the names in the same text without its tags
L3  one regular expression of all names / the linker, for 1,000 and 10,000 names
L4  exponent of the linker's time in the number of names, 10^2 to 10^5

The texts are the English pages of `content/`, the names the glossary's English terms with their forms, filled up with
names made of the texts' own words. The linker has met them before, as in a process that has run for a while. Both arms
of a ratio run in one process in pairs of random order; what counts is CPU time, since they neither wait nor use a
second core. `--renames` works on the database that the settings name instead, adds documents to it, and prints what
renaming a term costs (goal R4).
"""

import argparse
import csv
import html
import json
import os
import random
import re
import statistics
import sys
import time
import tracemalloc
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.pairing import compare
from benchmarks.samples import Goal, Interval, exponent, ratio
from links.html import link_html
from links.matching import Matcher, Phrase

CONTENT = Path(__file__).resolve().parents[1] / "content"
GOALS = {
    "L1": Goal(1.3),
    "L2": Goal(3),
    "L3 at 1,000": Goal(100, lower=True),
    "L3 at 10,000": Goal(500, lower=True),
    "L4": Goal(0.35),
}
SIZES = (100, 1_000, 10_000, 100_000)
REGEX_TEXT = 20_000  # characters: one regular expression of 10,000 names reads 30,000 in a second


def page_html() -> str:
    """Return the English pages of the own content as HTML."""
    from markdown_it import MarkdownIt

    render = MarkdownIt("commonmark").enable("table").render
    return "\n".join(render(path.read_text("utf-8")) for path in sorted(CONTENT.glob("*/*.en.md")))


def without_tags(source: str) -> str:
    """Return the text of HTML, with a blank line after each block."""
    source = re.sub(r"</(?:p|li|h\d|t[dhr]|table|[uo]l)>\s*", "\n\n", source)
    return re.sub(r"\n{2,}", "\n\n", html.unescape(re.sub(r"<[^>]*>", "", source)))


def names(count: int, text: str) -> list[str]:
    """Return so many names: those of the glossary, then made of two or three words of the text."""
    found: dict[str, None] = {}
    for path in sorted((CONTENT / "glossary").glob("terms-*.csv")):
        with path.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                if row["lang"] == "en":
                    found |= dict.fromkeys(filter(None, [row["term"], *map(str.strip, row["forms"].split(";"))]))
    chance = random.Random(count)
    words = [word for word in re.findall("[a-z]+", text.lower()) if len(word) > 4]
    made = list(found)[:count]
    known = set(made)
    while len(made) < count:
        name = " ".join(chance.sample(words, chance.choice((2, 2, 3))))
        if name not in known:
            known.add(name)
            made.append(name)
    return made


def matcher(count: int, text: str) -> Matcher:
    return Matcher([Phrase(name, "en", f"term:{name}", False) for name in names(count, text)], "en")


def scan(count: int, text: str) -> Callable[[int], object]:
    """Return a bare scan by pyahocorasick: every occurrence, in C."""
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for name in names(count, text):
        automaton.add_word(name, name)
    automaton.make_automaton()
    return lambda _number: deque(automaton.iter(text), maxlen=0)


def itself(one: Matcher, text: str, seconds: float) -> Interval:
    """Measure the linker against itself: what differs from 1 is noise."""
    return ratio(compare(lambda _: one.find(text), lambda _: one.find(text), seconds).cpu)


def measure(only: Sequence[str], seconds: float) -> Iterator[tuple[str, Interval]]:
    """Yield the figure of each goal; each pair of arms is given so many seconds."""
    source = page_html()
    text = without_tags(source)
    thousand = matcher(1_000, text)
    if "L1" in only:
        yield "L1", ratio(compare(lambda _: thousand.find(text), scan(1_000, text), seconds).cpu)
    if "L2" in only:

        def on_html(_number: int) -> object:
            return link_html(source, thousand, lambda target: f"/{target}")

        yield "L2", ratio(compare(on_html, lambda _: thousand.find(text), seconds).cpu)
    if "L3" in only:
        for count in (1_000, 10_000):
            yield f"L3 at {count:,}", _against_regex(count, text[:REGEX_TEXT], text, seconds)
    if "L4" in only:
        yield "L4", _growth(text, seconds)


def _against_regex(count: int, short: str, text: str, seconds: float) -> Interval:
    ours = matcher(count, text)
    ordered = sorted(names(count, text), key=len, reverse=True)
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, ordered))})\b", re.IGNORECASE)
    return ratio(compare(lambda _: pattern.findall(short), lambda _: ours.find(short), seconds).cpu)


def _growth(text: str, seconds: float) -> Interval:
    """Measure each size against 10^2, so that drift meets both; every block gives an exponent."""
    base = matcher(SIZES[0], text)
    blocks = []
    for count in SIZES[1:]:
        larger = matcher(count, text)
        found = compare(lambda _, larger=larger: larger.find(text), lambda _: base.find(text), seconds / 3)
        blocks.append([statistics.median(one) / statistics.median(other) for one, other in found.cpu])
    exponents = [
        exponent([(SIZES[0], 1.0), *zip(SIZES[1:], ratios, strict=True)]) for ratios in zip(*blocks, strict=True)
    ]
    low, *_rest, high = sorted(exponents)
    return Interval(statistics.median(exponents), low, high)


def building(count: int) -> tuple[float, float]:
    """Return what a matcher of so many names costs: seconds to build, and megabytes that Python holds for it."""
    text = without_tags(page_html())
    phrases = [Phrase(name, "en", f"term:{name}", False) for name in names(count, text)]
    start = time.process_time()
    Matcher(phrases, "en")
    seconds = time.process_time() - start
    tracemalloc.start()
    kept = Matcher(phrases, "en")
    size = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    assert kept
    return seconds, size


def renames(documents: int = 20, rounds: int = 10) -> dict[str, float]:
    """Rename a term of the database in use to and fro between two names that `documents` texts hold each.

    Returns the seconds of a renaming with its drain (median), and how many keys were projected. Django must be set up.
    """
    from django.conf import settings
    from django.utils import timezone

    from glossary.models import Concept, Designation, LanguageSection
    from library.models import Resource
    from sync.drain import drain

    if settings.DEBUG:
        sys.exit("Unset DEBUG: it counts and keeps every statement.")
    now = timezone.now()
    pair = ["zebadu " + "".join(random.choices("bdfgklmnprtvz", k=8)) for _ in range(2)]
    for word in pair:
        for place in range(documents):
            number = (Resource.objects.order_by("-number").values_list("number", flat=True).first() or 0) + 1
            row = Resource(number=number, title=f"{word} {place}", language="en", type="report", first_published_at=now)
            row.abstract = f"All that is known of {word}."
            row.save()
    concept = Concept(status="validated", live=True, first_published_at=now, last_published_at=now)
    section = LanguageSection(language="en", state="validated", definition="a made-up thing", definition_source="bench")
    section.designations = [Designation(text=pair[0])]
    concept.sections = [section]
    concept.save()
    drain()
    spent, projected = [], 0
    for number in range(rounds):
        word = Designation.objects.get(section__concept=concept)
        word.text = pair[(number + 1) % 2]
        word.save()
        start = time.perf_counter()
        projected = drain()
        spent.append(time.perf_counter() - start)
    return {"documents": documents, "projected": projected, "seconds": statistics.median(spent)}


def main() -> int:
    """Print a verdict for each goal; return 1 if one is missed or the machine was too noisy."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="L1,L2,L3,L4", help="goals to measure (default: all)")
    parser.add_argument("--seconds", type=float, default=20, help="for each pair of arms (default: 20)")
    parser.add_argument("--renames", type=int, metavar="DOCUMENTS", help="rename a term that so many texts hold")
    options = parser.parse_args()
    if options.renames:
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gess.settings.base")
        django.setup()
        print(json.dumps(renames(options.renames)))
        return 0
    source = page_html()
    text = without_tags(source)
    thousand = matcher(1_000, text)
    print(f"{len(text):,} characters of text, {len(source):,} of HTML, {len(thousand.find(text)):,} names in it")
    noise = [itself(thousand, text, options.seconds / 4)]
    figures = dict(measure(options.only.split(","), options.seconds))
    noise.append(itself(thousand, text, options.seconds / 4))
    print("the linker / itself:", ", ".join(map(str, noise)))
    verdicts = {name: GOALS[name].verdict(found, [each.middle for each in noise]) for name, found in figures.items()}
    for name, found in figures.items():
        print(f"{name:<14} {found!s:<32} {GOALS[name]!s:>8}  {verdicts[name]}")
    seconds, size = building(SIZES[-1])
    print(f"{SIZES[-1]:,} names: built in {seconds:.1f} s of CPU, {size:.0f} MB of Python objects beside the automaton")
    return 0 if set(verdicts.values()) <= {"met"} else 1


if __name__ == "__main__":
    sys.exit(main())
