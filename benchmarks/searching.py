"""Searches: S1 to S4. Needs Django set up."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from itertools import chain, zip_longest
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from benchmarks.corpus import Corpus
from benchmarks.goals import Result, Run, measures, ratio_result
from benchmarks.pairing import BLOCKS, RefusedError, control, same
from benchmarks.raw import main_request, raw_request, raw_search
from benchmarks.relevance.measures import quality
from benchmarks.samples import Goal, Samples, exponent, interval, p95, ratio
from benchmarks.sites import Databases, page_cache
from benchmarks.visits import site
from links.names import names_for
from search.engines import database_engine
from search.query import Query, parse
from search.results import PER_PAGE, search
from search.rewriting import Plan, languages_asked, rewrite
from sync.drain import before_read
from sync.models import Document

CLASSES = ("rare", "mid", "common", "and2", "or3")
SIZES = (10_000, 100_000, 1_000_000)  # between which growth is measured
HITS = 10
ALL = 10**9


def questions(name: str = "") -> list[str]:
    """Return the questions of one class, or of all in turn."""
    found = asdict(Corpus().queries())
    if name:
        return found[name]
    return list(filter(None, chain.from_iterable(zip_longest(*(found[each] for each in CLASSES)))))


def ask(text: str) -> list[str]:
    """Search as a visitor by the function that page and API share, and return the ids shown."""
    before_read()
    return [document.id for document in search(Query(text=text), AnonymousUser()).documents]


def plan_of(text: str) -> Plan:
    """Return what an engine is asked for all words of a question."""
    plan = rewrite(
        parse(text), languages_asked("en", ()), names_for("public").meaning,
        lambda stems: database_engine().frequencies(stems, "public"),
    )  # fmt: skip
    if plan.tree is None:
        raise RefusedError(f"{text!r} asks for nothing.")
    return plan


@measures("S1")
def endpoints(run: Run) -> Iterator[Result]:
    """API and page against the sum of an empty view and the engine's bare query: same tokens, page size, highlights."""
    texts = questions()
    queries = [bare_query(text) for text in texts]

    def bare(number: int) -> None:
        site().empty()
        queries[number % len(queries)]()

    with page_cache(False):
        for name, address in (("API", "/api/v1/search/?q="), ("page", "/en/search/?q=")):
            addresses = [address + quote(text) for text in texts]
            measured = run.measure(
                lambda number, addresses=addresses: site().get(addresses[number % len(addresses)]), bare, share=2
            )
            what = f"search {name} / (empty view + raw query)"
            yield ratio_result("S1", f"{what}, p50", Goal(1.25), measured)
            yield ratio_result("S1", f"{what}, p95", Goal(1.4), measured, p95)


def bare_query(text: str) -> Callable[[], object]:
    """Return the engine's bare query for a question. Refuses one that finds anything else than the search does."""
    found = search(Query(text=text), AnonymousUser())
    plain = not found.plan.loosened and not found.correction
    if found.degraded:
        raise RefusedError("The search engine does not answer, the database does.")
    if settings.ELASTICSEARCH_URL:
        body = main_request(lambda: search(Query(text=text), AnonymousUser()))
        if plain:
            same([document.family for document in found.documents], raw_request(body)[:PER_PAGE], f"{text!r}")
        return lambda: raw_request(body)
    tree = plan_of(text).tree
    if found.exact and plain:
        raw = {document.family for document in Document.objects.filter(number__in=raw_search(tree, -1))}
        same(found.count, len(raw), f"search for {text!r}")
    return lambda: raw_search(tree)


@measures("S2")
def growth(run: Run) -> Iterator[Result]:
    """How p95 grows with the number of documents, by class of question."""
    sizes = [*(size for size in SIZES if 2 * size <= run.size), run.size]
    if len(sizes) < 2:
        yield Result("S2", "p95 growth exponent", None, note=f"from {SIZES[0]:,} up: use --size {2 * SIZES[0]} or more")
        return
    names = {str(run.size): str(connection.settings_dict["NAME"])}
    databases = Databases(names | {str(size): run.copy(size, f"growth-{size}") for size in sizes[:-1]})
    for name in CLASSES:
        texts = questions(name)
        noise = [_alike(texts, run.seconds)]
        blocks = _interleaved(databases, sizes, texts, run.seconds)
        noise.append(_alike(texts, run.seconds))
        slopes = [exponent([(size, p95(block[size])) for size in sizes]) for block in blocks]
        last = ", ".join(f"{size:,}: {1000 * p95(list(chain(*(b[size] for b in blocks)))):.1f} ms" for size in sizes)
        samples = Samples(wall=[(block[sizes[0]], block[sizes[-1]]) for block in blocks])
        note = f"p95 {last}; {len(blocks)} x {len(blocks[0][sizes[0]])}"
        yield Result("S2", f"p95 growth exponent, {name}", interval(slopes), Goal(0.3), None, noise, note, samples)


def _alike(texts: Sequence[str], seconds: float) -> float:
    """Return the ratio of the same searches to themselves."""
    return ratio(control(lambda number: ask(texts[number % len(texts)]), seconds / 5).wall).middle


def _interleaved(
    databases: Databases, sizes: Sequence[int], texts: Sequence[str], seconds: float
) -> list[dict[int, list[float]]]:
    """Ask the same questions of all sizes in turn, in random order; return seconds by block and size."""
    chance = random.Random(1)
    for size in sizes:
        with databases.using(str(size)):
            ask(texts[0])
    blocks = []
    for _ in range(BLOCKS):
        start, found = time.perf_counter(), {size: list[float]() for size in sizes}
        while len(found[sizes[0]]) < (1_000 if not seconds else 20) or (
            seconds and time.perf_counter() - start < seconds / BLOCKS and len(found[sizes[0]]) < 1_000
        ):
            text = texts[len(found[sizes[0]]) % len(texts)]
            for size in chance.sample(sizes, len(sizes)):
                with databases.using(str(size)):
                    begun = time.perf_counter()
                    ask(text)
                    found[size].append(time.perf_counter() - begun)
        blocks.append(found)
    return blocks


@measures("S3")
def against_exhaustive(run: Run) -> Iterator[Result]:
    """Common words: our search against ranking every match, and how good our first hits are by that ranking."""
    texts = questions("common")
    trees = [plan_of(text).tree for text in texts]
    measured = run.measure(
        lambda n: ask(texts[n % len(texts)]), lambda n: raw_search(trees[n % len(trees)]), pairs=1_000, share=2
    )
    at_goal = run.size >= 1_000_000
    yield ratio_result(
        "S3", "our search / exhaustive ranking, common words, p95", Goal(1 / 50) if at_goal else None, measured, p95
    )
    kept = [_kept(text) for text in texts]
    yield Result(
        "S3", "nDCG@10 of our hits, graded by the exhaustive ranking", interval(kept, lambda v: sum(v) / len(v)),
        Goal(0.98, lower=True), note="grade: 1,000 x score / best score",
    )  # fmt: skip


def _kept(text: str) -> float:
    """Return nDCG@10 of our first hits. A document's grade is its score among all matches, 1,000 for the best."""
    scores: dict[str, float] = {}
    ids: dict[str, str] = {}
    plan = plan_of(text)
    for hit in database_engine().matches(plan.tree, "public", plan.title_weight, limit=ALL):
        scores[hit.family] = max(hit.score, scores.get(hit.family, 0))
        ids[hit.id] = hit.family
    best = max(scores.values())
    grades = {family: round(1_000 * score / best) for family, score in scores.items()}
    return quality([ids[doc_id] for doc_id in ask(text)[:HITS]], grades).ndcg


@measures("S4")
def suggestions(run: Run) -> Iterator[Result]:
    """Suggestions for the beginnings of words that names and titles have, against the empty view.

    Kept, as for whoever types what another visitor typed since the last change; and made anew, as for the first one.
    """
    titles = Document.objects.filter(audience="public", gone=False).order_by("number").values_list("title", flat=True)
    words = [title.split()[0] for title in titles[: 2 * HITS : 2]] + [word[:4] for word in questions("common")]
    typed = sorted({word[:length] for word in words for length in (3, 4, 5) if word[:length].isalpha()})
    addresses = [f"/en/search/suggest/?q={quote(text)}" for text in typed]
    for what, keep in (("kept", True), ("made anew", False)):
        with page_cache(keep):
            for address in addresses:
                site().get(address)
            measured = run.measure(
                lambda n: site().get(addresses[n % len(addresses)]), site().empty, pairs=1_000, share=0.75
            )
        yield ratio_result("S4", f"suggestions, {what} / empty view, p95", Goal(1.3), measured, p95)
