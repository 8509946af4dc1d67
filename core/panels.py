"""What pages show without knowing who offers it: actions such as "Report an error", work that waits.

Upper apps register here when they start; templates of lower apps ask (`{% entry_actions key %}`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.presentation import Item


@dataclass(frozen=True)
class Action:
    """Something that a reader can do about an entry."""

    label: str
    url: str


_actions: list[Callable[[str], Action]] = []


def register_action(make: Callable[[str], Action]) -> Callable[[str], Action]:
    """Decorator: offer an action on every detail page; `make` gets the entry's key."""
    _actions.append(make)
    return make


def actions_for(key: str) -> list[Action]:
    return [make(key) for make in _actions]


_leads: list[Callable[[str], Action]] = []


def register_lead(make: Callable[[str], Action]) -> Callable[[str], Action]:
    """Decorator: offer a way on from every detail page, beside what is related; `make` gets the entry's key."""
    _leads.append(make)
    return make


def leads_from(key: str) -> list[Action]:
    """Return the ways on from an entry; none from one that a preview shows before it was ever saved."""
    return [make(key) for make in _leads] if key.rpartition(":")[2].isdigit() else []


Similar = Callable[[str, Any, int], list[Item]]
_similar: list[Similar] = []


def register_similar(find: Similar) -> Similar:
    """Decorator: offer to find entries like a text; `find` gets the text, the reader and how many to return."""
    _similar.append(find)
    return find


def similar(text: str, user: Any, limit: int = 5) -> list[Item]:
    """Return entries that a text resembles and `user` may see; none if nobody offers to look."""
    return [item for find in _similar for item in find(text, user, limit)][:limit]


@dataclass(frozen=True)
class Desk:
    """Work that waits for the staff, as their start page shows it."""

    label: str
    count: Callable[[Any], int]  # for a user: how much of it he may do
    url: Callable[[], str]  # where it is done


_desks: list[Desk] = []


def register_desk(label: str, count: Callable[[Any], int], url: Callable[[], str]) -> Desk:
    """Show on the staff's start page how much of something waits; `label` is a lazy translation."""
    desk = Desk(label, count, url)
    _desks.append(desk)
    return desk


def desks_for(user: Any) -> list[tuple[str, int, str]]:
    """Return label, count and address of what waits for `user`; what is done is left out."""
    counted = ((str(desk.label), desk.count(user), desk.url) for desk in _desks)
    return [(label, count, url()) for label, count, url in counted if count]
