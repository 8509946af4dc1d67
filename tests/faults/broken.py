"""Safeguards switched off one at a time: a fault that stays green without its safeguard proves nothing."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from django.db import connection

from tests.faults.points import wrap

_switches: dict[str, Callable[[], None]] = {}


def switch(off: Callable[[], None]) -> Callable[[], None]:
    """Decorator: this is how the safeguard of that name is switched off."""
    _switches[off.__name__] = off
    return off


def names() -> list[str]:
    return sorted(_switches)


def install(broken: Iterable[str]) -> None:
    """Switch these off in this process. Raises ValueError for an unknown one."""
    for name in broken:
        if name not in _switches:
            raise ValueError(f"No safeguard {name!r}. There are: {', '.join(names())}.")
        _switches[name]()


@switch
def triggers() -> None:
    """No capture: the triggers of resources are dropped when the first process of a run starts."""
    from sync import capture

    def declared(real: Callable) -> Callable:
        def without(vendor: str, *args: Any) -> list:
            return [trigger for trigger in real(vendor, *args) if trigger.table != "library_resource"]

        return without

    wrap("sync.capture", "declared_triggers", declared)
    if "sync_dirty" in connection.introspection.table_names():
        capture.install(connection)
        connection.close()


@switch
def recheck() -> None:
    """The ids of a result page are shown as the index gave them."""
    wrap("search.results", "checked", lambda real: lambda documents, user: list(documents))


@switch
def want_first() -> None:
    """A projection marks the version that is wanted when it writes, not the one that it read before the content."""
    from sync.models import State

    def marking(real: Callable) -> Callable:
        def late(projection: Any) -> bool:
            now = State.objects.filter(key=projection.key).values_list("want", flat=True).first()
            projection.version = now if now is not None else projection.version
            return real(projection)

        return late

    wrap("sync.projection", "_claim", marking)


@switch
def guard() -> None:
    """Who read earlier may write later: documents are overwritten without `done < want` of the version read."""

    def unguarded(real: Callable) -> Callable:
        def claim(projection: Any) -> bool:
            real(projection)
            return True

        return claim

    wrap("sync.projection", "_claim", unguarded)


@switch
def transaction() -> None:
    """`done`, documents, links and outbox are committed one by one."""
    wrap("sync.projection", "transaction", lambda real: SimpleNamespace(atomic=nullcontext))


@switch
def tombstones() -> None:
    """What is gone is deleted from Elasticsearch instead of written as gone."""

    def deleting(real: Callable) -> Callable:
        def put(self: Any, generation: int, documents: Sequence[Any]) -> dict:
            from search.engines.elastic.client import client
            from search.engines.elastic.mapping import write_alias
            from search.engines.replica import Outcome

            outcomes = real(self, generation, [document for document in documents if not document.gone])
            for document in documents:
                if document.gone:
                    where = {"index": write_alias(generation, document.audience), "id": document.id}
                    client().options(ignore_status=[404, 409]).delete(
                        **where, version=document.version, version_type="external_gte"
                    )
                    outcomes[document.id] = Outcome("done")
            return outcomes

        return put

    wrap("search.engines.elastic.replica", "ElasticsearchReplica.put", deleting)


@switch
def versions() -> None:
    """Elasticsearch is told no versions: whoever writes last is right."""

    def unversioned(real: Callable) -> Callable:
        def parts(*args: Any) -> Any:
            for part in real(*args):
                for line in part:
                    for action in line.values():
                        if isinstance(action, dict) and "version_type" in action:
                            del action["version"], action["version_type"]
                yield part

        return parts

    wrap("search.engines.elastic.replica", "_parts", unversioned)


@switch
def marking() -> None:
    """The outcomes of single documents are not looked at: all that was sent counts as taken."""

    def blind(real: Callable) -> Callable:
        return lambda result: replace(real(result), kind="done")

    wrap("search.engines.elastic.replica", "_outcome", blind)


@switch
def comparing() -> None:
    """What was shipped leaves the outbox, also if a newer version waits there by now."""
    wrap("search.shipping", "ACKNOWLEDGE", lambda real: "DELETE FROM search_outbox WHERE id = %s AND %s >= 0")


@switch
def proof() -> None:
    """A generation serves as soon as it is filled, whether it equals the documents or not."""
    wrap("search.generations", "prove", lambda real: lambda target, replica: True)


@switch
def hurry() -> None:
    """Whoever tells the workers waits for a dead broker."""
    wrap("sync.nudge", "TIMEOUT", lambda real: 2.0)
