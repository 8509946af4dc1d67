"""What a search asks for, as a tree of tokens. Engines compile it, and nothing else of a query reaches them."""

from dataclasses import dataclass
from typing import Literal

# stems: title and text, stemmed; words: the same unstemmed; title_words: the title alone; keys: kind:, theme:, ilo: ...
Field = Literal["stems", "words", "title_words", "keys"]
# What a token found there counts in BM25. Unstemmed words find what other languages stem otherwise: counted fully, a
# word would count twice (docs/decisions/0009-ranking.md).
WEIGHTS: dict[Field, float] = {"stems": 1.0, "words": 0.1, "title_words": 0.1, "keys": 0.5}


@dataclass(frozen=True)
class Term:
    """One token, or all tokens that begin with it, in one field."""

    field: Field
    token: str
    prefix: bool = False


@dataclass(frozen=True)
class Phrase:
    """Tokens that follow one another in one field."""

    field: Field
    tokens: tuple[str, ...]


@dataclass(frozen=True)
class AllOf:
    nodes: tuple["Node", ...]


@dataclass(frozen=True)
class AnyOf:
    nodes: tuple["Node", ...]


@dataclass(frozen=True)
class Without:
    """What `wanted` finds, less what `unwanted` finds. `wanted` None means everything."""

    wanted: "Node | None"
    unwanted: "Node"


Node = Term | Phrase | AllOf | AnyOf | Without


def all_of(nodes: list[Node]) -> Node | None:
    """Join nodes that must all hold; None of no nodes."""
    return nodes[0] if len(nodes) == 1 else AllOf(tuple(nodes)) if nodes else None


def any_of(nodes: list[Node]) -> Node | None:
    """Join alternatives, each once; None of no nodes."""
    unique = list(dict.fromkeys(nodes))
    return unique[0] if len(unique) == 1 else AnyOf(tuple(unique)) if unique else None


def terms(node: Node | None) -> list[Term]:
    """Return the terms that a hit may score by: all but the unwanted ones, as often as the tree has them."""
    match node:
        case None:
            return []
        case Term():
            return [node]
        case Phrase(field, tokens):
            return [Term(field, token) for token in tokens]
        case AllOf(nodes) | AnyOf(nodes):
            return [term for child in nodes for term in terms(child)]
        case Without(wanted, _):
            return terms(wanted)


def title_terms(node: Node | None) -> list[Term]:
    """Return the terms that score again for standing in the title."""
    return [term for term in terms(node) if term.field != "keys" and not term.prefix]
