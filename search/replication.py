"""What the processes behind the site do for the search engine: keep generations going, ship, compare."""

import logging
import time

from search import generations
from search.engines import replica
from search.engines.replica import Replica, ReplicaDown, ReplicaMissing
from search.entropy import differences, mend
from search.models import Outbox, Target
from search.shipping import alone, is_paused, pause, resume, ship

logger = logging.getLogger(__name__)


def replicate(seconds: float = 15.0) -> int:
    """Bring the search engine nearer to the documents, for a while; return how many documents it took.

    Never raises for an engine that is down: what waits, waits in the outbox.
    """
    engine = replica()
    if engine is None:
        generations.forget_all()  # an engine that comes back later is filled anew
        return 0
    if any(is_paused(target) for target in Target.objects.all()):
        return 0
    deadline = time.monotonic() + seconds
    try:
        generations.ensure(engine)
    except ReplicaDown as error:
        _pause_all(error)
        return 0
    for target in Target.objects.filter(failures__gt=0):
        if not Outbox.objects.filter(target=target, parked=False).exists():
            resume(target)  # with something to ship, only shipping shows that it takes documents again
    return sum(_work(target, engine, deadline) for target in Target.objects.order_by("pk"))


def _work(target: Target, engine: Replica, deadline: float) -> int:
    """Ship to one generation and take it further, unless another process is at it."""
    count = 0
    with alone(target) as mine:
        if not mine:
            return 0
        target.refresh_from_db()
        try:
            while True:
                more = target.state == Target.State.BUILDING and generations.advance(target, engine)
                shipped = ship(target, engine, max(0.0, deadline - time.monotonic()))
                count += shipped
                if not (more or shipped) or time.monotonic() > deadline or is_paused(target):
                    return count
        except ReplicaDown as error:
            pause(target, error)
        except ReplicaMissing as error:
            logger.error("Indices of the search engine are gone, rebuilding: %s", error)
            generations.abandon(target)
    return count


def _pause_all(error: Exception) -> None:
    for target in Target.objects.all():
        pause(target, error)


def reconcile() -> int:
    """Compare the serving generation with the documents, both ways, and mend; return how many documents differed."""
    engine, target = replica(), generations.serving()
    if engine is None or target is None:
        return 0
    with alone(target) as mine:
        if not mine:
            return 0
        try:
            engine.refresh(target.pk)
            found = differences(target, engine)
        except (ReplicaDown, ReplicaMissing) as error:
            logger.warning("The search engine cannot be compared now: %s", error)
            return 0
        mended = mend(target, found) if len(found) else 0
        if mended:
            logger.error("%s documents differed in the search engine; they are sent again.", mended)
        else:
            generations.proven(target)
    return mended
