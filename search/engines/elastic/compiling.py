"""Trees of tokens as queries of Elasticsearch, made with its own DSL. No query syntax of a reader gets through."""

from collections import Counter
from importlib import import_module
from typing import Any

from django.utils.functional import SimpleLazyObject

from search.tree import WEIGHTS, AllOf, AnyOf, Node, Phrase, Term, Without, title_terms

dsl: Any = SimpleLazyObject(lambda: import_module("elasticsearch.dsl.query"))  # half a second that only searching pays
TITLES = {"stems": "title_stems", "words": "title_words", "title_words": "title_words"}


def compile_tree(node: Node | None) -> Any:
    """Return the query that matches and scores what the tree says."""
    match node:
        case None:
            return dsl.MatchAll()
        case Term(field, token, True):
            return dsl.Prefix(**{field: {"value": token, "boost": WEIGHTS[field]}})
        case Term(field, token):
            return dsl.Term(**{field: {"value": token, "boost": WEIGHTS[field]}})
        case Phrase(field, tokens):
            # The tokens are ready: a phrase of terms, not of a text to be analysed.
            clauses = [dsl.SpanTerm(**{field: token}).to_dict() for token in tokens]
            return dsl.SpanNear(clauses=clauses, slop=0, in_order=True, boost=WEIGHTS[field])
        case AllOf(nodes):
            return dsl.Bool(must=[compile_tree(child) for child in nodes])
        case AnyOf(nodes):
            return dsl.Bool(should=[compile_tree(child) for child in nodes], minimum_should_match=1)
        case Without(wanted, unwanted):
            return dsl.Bool(must=[compile_tree(wanted)], must_not=[compile_tree(unwanted)])
    raise TypeError(f"No node of a search tree: {node!r}")


def title_queries(node: Node | None, weight: float) -> list[Any]:
    """Return what the same words score again for standing in the title."""
    found = Counter(title_terms(node))
    return [
        dsl.Term(**{TITLES[term.field]: {"value": term.token, "boost": weight * times * WEIGHTS[term.field]}})
        for term, times in found.items()
    ]
