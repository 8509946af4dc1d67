"""What waits to be projected, since when, and what was given up: for the staff, for probes and for the watchdog."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Min, QuerySet
from django.utils import timezone

from sync.folding import mark
from sync.models import Dirty, State

COUNTED = 10_000  # of each sort: a probe must stay cheap when an import leaves a million changes


@dataclass(frozen=True)
class Backlog:
    """Changes that are not folded yet, keys to project, when the oldest of all happened, keys given up."""

    changes: int  # both up to `COUNTED`
    keys: int
    oldest: datetime | None
    parked: int

    @property
    def age(self) -> float:
        """Seconds that the oldest has waited; 0 if nothing waits."""
        return max(0.0, (timezone.now() - self.oldest).total_seconds()) if self.oldest else 0.0


def backlog() -> Backlog:
    """Return what waits now. Keys that wait for another attempt count, those that were given up do not."""
    now = timezone.now()
    waiting = open_states()
    moments = [
        Dirty.objects.order_by("id").values_list("at", flat=True).first(),
        waiting.aggregate(oldest=Min("since"))["oldest"],
        State.objects.filter(due_at__lte=now).aggregate(oldest=Min("due_at"))["oldest"],
    ]
    return Backlog(
        changes=Dirty.objects.all()[:COUNTED].count(),
        keys=waiting[:COUNTED].count(),
        oldest=min((moment for moment in moments if moment), default=None),
        parked=parked_states().count(),
    )


def open_states() -> QuerySet[State]:
    """Return the keys that are to be projected, now or at another attempt."""
    return State.objects.filter(done__lt=F("want"), parked=False)


def parked_states() -> QuerySet[State]:
    """Return the keys that were given up, with their reasons. A change of their content tries them again."""
    return State.objects.filter(parked=True).order_by("key")


def retry(key: str) -> bool:
    """Have a key that was given up tried again, as a change of its content would; False if it is not given up."""
    if not parked_states().filter(key=key).exists():
        return False
    mark([key], "direct")
    return True
