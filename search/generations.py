"""Generations of the replica: registered first, then filled, proven equal, and swapped in at once.

Each step can be repeated, so a process that dies at any moment is simply followed by another one.
"""

import logging

from django.db import transaction
from django.utils import timezone

from search.engines.replica import Replica
from search.entropy import differences, mend
from search.models import Outbox, Target
from search.outbox import fill, hold_targets

logger = logging.getLogger(__name__)
NEARLY = 100  # documents in flight that a proof allows: on a busy site the outbox is never empty


def register(form: str) -> Target:
    """Return the generation that is being built, a new one if there is none. From now on changes reach it."""
    with transaction.atomic():
        hold_targets(shared=False)
        target, created = Target.objects.get_or_create(state=Target.State.BUILDING, defaults={"form": form})
    if created:
        logger.warning("Building generation %s of the search index.", target.pk)
    return target


def serving() -> Target | None:
    """Return the generation that searches read, or None: then the database answers."""
    return Target.objects.filter(state=Target.State.SERVING).first()


def building() -> Target | None:
    return Target.objects.filter(state=Target.State.BUILDING).first()


def ensure(replica: Replica) -> None:
    """Start a generation where there is none of the present form, and abandon what nobody needs any more.

    A serving generation whose indices are gone, removed by hand or lost with a disk, counts as none.
    """
    form = replica.form()
    half = building()
    if half and half.form != form:
        abandon(half)
    current = serving()
    if current and replica.serving() != current.pk:
        logger.error("Generation %s of the search index is not behind its aliases any more: rebuilding.", current.pk)
        abandon(current)
        current = None
    if not current or current.form != form:
        register(form)
    there = replica.generations()  # before the list of those that are known: others may register one meanwhile
    known = set(Target.objects.values_list("pk", flat=True))
    for generation in there:
        if generation not in known:
            replica.drop(generation)


def advance(target: Target, replica: Replica) -> bool:
    """Take a generation one step on: fill it, or prove it and swap it in. Return whether more can be done at once."""
    if not target.filled:
        if target.filled_to == 0:
            replica.drop(target.pk)  # left by a database that was restored to an earlier moment
            replica.open(target.pk)
        fill(target)
        return True
    waiting = Outbox.objects.filter(target=target, parked=False).count()
    if waiting > NEARLY or not prove(target, replica):
        return False
    _swap(target, replica)
    return True


def prove(target: Target, replica: Replica) -> bool:
    """Say whether the replica equals the documents, both ways. What differs and is not on its way is sent (again)."""
    replica.refresh(target.pk)
    found = differences(target, replica)
    mended = mend(target, found) if len(found) else 0
    if mended:
        logger.warning("Generation %s: %s documents differ, sending them again.", target.pk, mended)
        return False
    proven(target)
    return True


def proven(target: Target) -> None:
    """Note that a generation equals the documents now."""
    Target.objects.filter(pk=target.pk).update(proven_at=timezone.now())


def _swap(target: Target, replica: Replica) -> None:
    """Let searches read this generation. The aliases move first: a crash in between only repeats the swap.

    So does another worker: it may have swapped this generation in already, or abandoned it.
    """
    replica.swap(target.pk)
    with transaction.atomic():
        hold_targets(shared=False)
        if not Target.objects.filter(pk=target.pk).exists():
            return
        others = Target.objects.filter(state=Target.State.SERVING).exclude(pk=target.pk)
        old = list(others.values_list("pk", flat=True))
        others.delete()
        Target.objects.filter(pk=target.pk).update(state=Target.State.SERVING)
    target.state = Target.State.SERVING
    logger.warning("Generation %s of the search index serves.", target.pk)
    for generation in old:
        replica.drop(generation)


def abandon(target: Target) -> None:
    """Forget a generation: nothing is sent to it any more. Its indices go with the next look at what the engine has."""
    with transaction.atomic():
        hold_targets(shared=False)
        Target.objects.filter(pk=target.pk).delete()


def forget_all() -> None:
    """Forget all generations: there is no search engine any more."""
    if Target.objects.exists():
        with transaction.atomic():
            hold_targets(shared=False)
            Target.objects.all().delete()
