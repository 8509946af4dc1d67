"""From where to where each event moves a case. Nothing else writes a status."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from qa.choices import Resolution, Status


@dataclass(frozen=True)
class Transition:
    """Where an event is allowed, and what it leads to."""

    sources: frozenset[str]
    target: str
    resolution: str = ""


WAITING = frozenset([Status.SUBMITTED, Status.TRIAGED, Status.ASSIGNED])
TRANSITIONS = {
    "submit": Transition(frozenset([Status.DRAFT]), Status.SUBMITTED),
    "assign": Transition(WAITING, Status.ASSIGNED),
    "deliver": Transition(WAITING | {Status.ANSWERED}, Status.ANSWERED),
    "withdraw": Transition(WAITING | {Status.NEEDS_INFO}, Status.CLOSED, Resolution.WITHDRAWN),
}


class IllegalTransition(ValidationError):
    """The case is not where this event is possible."""

    def __init__(self) -> None:
        super().__init__(_("The question has moved on meanwhile: this is no longer possible."), code="transition")


def is_possible(event: str, status: str) -> bool:
    """Say whether a case of this status may have the event."""
    return status in TRANSITIONS[event].sources


def after(event: str, status: str) -> Transition:
    """Return the transition. Raises IllegalTransition."""
    if not is_possible(event, status):
        raise IllegalTransition
    return TRANSITIONS[event]
