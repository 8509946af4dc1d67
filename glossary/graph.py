"""The net of concepts: what stands above what."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)
Above = Mapping[Node, set[Node]]  # what stands directly above each concept


def above(pairs: Iterable[tuple[Node, Node]]) -> dict[Node, set[Node]]:
    """Return, from pairs of narrower and broader, what stands directly above each."""
    found: dict[Node, set[Node]] = defaultdict(set)
    for narrower, broader in pairs:
        found[narrower].add(broader)
    return found


def ancestors(node: Node, net: Above) -> set[Node]:
    """Return all that stands above `node`, near or far: `node` itself too, where the net runs in a circle."""
    found: set[Node] = set()
    waiting = list(net.get(node, ()))
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += net.get(one, ())
    return found


def chain(node: Node, net: Above) -> list[Node]:
    """Return one way up from `node`, the top first: where several stand above, by the smallest."""
    way: list[Node] = []
    while upper := net.get(node, set()) - {node, *way}:
        node = min(upper)  # type: ignore[type-var]
        way.append(node)
    return way[::-1]
