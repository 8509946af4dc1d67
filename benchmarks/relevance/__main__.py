"""How good the search is: `python -m benchmarks.relevance DIR --engine sqlite|postgresql|elasticsearch --language fr`.

DIR holds a judged collection: corpus.jsonl, queries.jsonl and qrels.tsv (`benchmarks/relevance/collection.py` has the
form). Its documents are loaded as published resources into a database of their own, and the questions are asked through
the public search as a visitor who reads `--language`. With `--own` the documents are the project's content files, and
each question is asked in its own language. Prints nDCG@10 (gain = grade, discount log2, as trec_eval), MRR, recall@100.
"""

import argparse
import os
import statistics
import sys
import time
from itertools import groupby
from pathlib import Path
from typing import Any

import django
from tqdm import tqdm

from benchmarks.relevance.collection import HALVES, Collection, CollectionError, read
from benchmarks.relevance.databases import ENGINES, own_database
from benchmarks.relevance.measures import mean

OWN = Path(__file__).parent / "own"


def main() -> int:
    """Run the command line. Returns 1, with the reason on standard error, if something cannot be measured."""
    arguments = _arguments()
    try:
        collection = read(arguments.folder, documents=not arguments.own)
        with own_database(arguments.engine, arguments.keep) as environment:
            os.environ.update(environment, DJANGO_SETTINGS_MODULE="gess.settings.base")
            django.setup()
            try:
                _measure(collection, arguments)
            finally:
                from django.db import connections

                connections.close_all()
    except CollectionError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.relevance", description=__doc__.split("\n\n", 1)[1])
    parser.add_argument("folder", type=Path, metavar="DIR", nargs="?", default=OWN)
    parser.add_argument("--engine", choices=ENGINES, default="sqlite")
    parser.add_argument("--language", default="en", metavar="TAG", help="of documents and reader (default: en)")
    parser.add_argument("--own", action="store_true", help="judgements of the project's own content files")
    parser.add_argument("--half", choices=HALVES, help="only the questions of this half")
    parser.add_argument("--run", type=Path, metavar="FILE", help="write the hits there as a TREC run")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="keep the loaded file there, and use it again (sqlite)"
    )
    arguments = parser.parse_args()
    if arguments.keep and arguments.engine == "postgresql":
        parser.error("--keep is for a database file: leave it out with postgresql.")
    if not arguments.own and arguments.folder == OWN:
        parser.error("name the folder of a collection, or use --own.")
    return arguments


def _measure(collection: Collection, arguments: argparse.Namespace) -> None:
    """Load, ask and print."""
    # Django must be set up before these are imported.
    from benchmarks.relevance import asking, loading
    from search.engines import engine

    queries = [query for query in collection.queries if arguments.half in (None, query.half)]
    if not queries:
        raise CollectionError(f"No question belongs to the half {arguments.half!r}: leave out --half.")
    start = time.perf_counter()
    done = arguments.keep and arguments.keep / "loaded"
    if done and done.exists():
        loading.renew()
    else:
        if arguments.own:
            loading.load_own_content()
        else:
            path = collection.folder / "corpus.jsonl"
            loading.load_documents(collection.documents, path, arguments.language, _bar("documents"))
        if done:
            done.touch()
    names = loading.own_names() if arguments.own else loading.names_of(collection.documents)
    asked = asking.Asking(names, collection.judgements)
    with loading.replica():
        loaded = time.perf_counter() - start
        answers = [
            asked.ask(query, query.language if arguments.own and query.language else arguments.language)
            for query in _bar("questions")(queries)
        ]
        if engine().degraded:
            raise CollectionError("Elasticsearch did not answer all questions, the database did: look at its log.")
    if arguments.run:
        asking.write_run(arguments.run, answers)
    _print(collection, answers, arguments, loaded)


def _bar(name: str) -> Any:
    return lambda rows: tqdm(rows, desc=name, unit=f" {name}", leave=False, disable=None)


def _print(collection: Collection, answers: list[Any], arguments: argparse.Namespace, loaded: float) -> None:
    seconds = [answer.seconds for answer in answers]
    documents = "own content" if arguments.own else f"{len(collection.documents):,} documents, {arguments.language}"
    print(f"{collection.folder}: {documents}; {arguments.engine}")
    print(
        f"loaded in {loaded:.0f} s; {len(answers)} questions in {sum(seconds):.1f} s,"
        f" median {statistics.median(seconds) * 1000:.0f} ms, longest {max(seconds) * 1000:.0f} ms;"
        f" {collection.unjudged} left out: nothing is relevant to them"
    )
    print(f"{'':<14} questions  unanswered  nDCG@10    MRR  recall@100")
    if arguments.own:

        def group(answer: Any) -> tuple[str, str]:
            return (answer.query.half, answer.query.language)

        for (half, language), found in groupby(sorted(answers, key=group), group):
            _row(f"{half} {language}", list(found))
        for half, found in groupby(sorted(answers, key=group), lambda answer: answer.query.half):
            _row(half, list(found))
    _row("all", answers)


def _row(name: str, answers: list[Any]) -> None:
    found = mean([answer.quality for answer in answers])
    unanswered = sum(not answer.hits for answer in answers)
    print(f"{name:<14} {len(answers):>9}  {unanswered:>10}  {found.ndcg:>7.4f}  {found.mrr:.4f}  {found.recall:>9.4f}")


if __name__ == "__main__":
    sys.exit(main())
