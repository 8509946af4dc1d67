"""What a half-typed question may mean: titles that contain its words, the last one as a beginning."""

from typing import Any

from core.analysis import keys
from core.presentation import Item
from links.related import checked, live
from search.engines import database_engine
from search.query import Query
from search.ranking import in_order
from search.tree import Term, all_of
from sync.presentation import items

LIMIT = 8
CANDIDATES = 400  # titles compared
KINDS = {"country": 0, "theme": 1, "term": 1, "expert": 2, "question": 3, "resource": 3}  # names before long titles


def suggest(query: Query, user: Any) -> list[Item]:
    """Return up to eight entries whose titles begin like the words typed."""
    typed = keys(query.text, query.language)
    if not typed:
        return []
    tree = all_of([Term("title_words", word) for word in typed[:-1]] + [Term("title_words", typed[-1], prefix=True)])
    hits = database_engine().matches(tree, query.audience, limit=CANDIDATES)
    best = {hit.number for hit in in_order(hits, languages=(query.language,))}
    documents = live(query.audience).filter(number__in=best).defer("text", "body_stems", "body_words")
    ranked = sorted(documents, key=lambda d: (KINDS.get(d.kind, 3), -d.weight, len(d.title), d.title, d.number))
    return items(checked(ranked[: LIMIT * 2], user)[:LIMIT])
