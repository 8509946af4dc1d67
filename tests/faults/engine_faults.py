"""Faults of Elasticsearch and of its generations: 7 to 13, 23."""

import signal
import time
from collections.abc import Iterator
from random import Random

from django.db import connection

from library.models import Resource
from search import shipping
from search.models import Outbox, Target
from search.outbox import retry
from sync.drain import drain
from sync.models import State
from tests.faults import points
from tests.faults.browser import Crowd
from tests.faults.canaries import Item, new_token
from tests.faults.elastic import Node
from tests.faults.playing import Scene, fault, next_comparison
from tests.faults.rewriting import Refusing
from tests.faults.site import managing
from tests.faults.texts import MARK, abstract, title
from tests.library.factories import resource

ELASTIC = frozenset(["elasticsearch"])
BURST = 60  # resources written at once, so that enough documents are on their way
NOTICE = "The usual search engine is not available"
REBUILD = ("search_rebuild", "--force")


@fault(7, "Elasticsearch down", short=("full",), needs=ELASTIC)
def engine_down(scene: Scene) -> Iterator[None]:
    server = scene.stage.servers["elasticsearch"]
    server.stop()
    scene.expect(scene.until(lambda: _notice(scene), 20), "no notice that the database answers")
    yield
    server.start()


@fault(8, "Elasticsearch slow, then hanging", short=("full",), needs=ELASTIC)
def engine_slow(scene: Scene) -> Iterator[None]:
    proxy = scene.stage.proxies["elasticsearch"]
    with proxy.misbehaving(delay=2.0):
        time.sleep(scene.seconds / 2)
    before = proxy.accepted
    proxy.silent = True
    scene.expect(scene.until(lambda: _notice(scene), 20), "no notice that the database answers")
    yield
    scene.figures["new connections while it hung"] = str(proxy.accepted - before)
    proxy.heal()


@fault(9, "Elasticsearch forgets deletes, a stale writer in flight", short=("full",), needs=ELASTIC)
def stale_writer(scene: Scene) -> Iterator[None]:
    """A worker stands still with a document in its hands; that is hidden, the node restarts, the worker goes on."""
    folder, server = scene.stage.points, scene.stage.servers["elasticsearch"]
    token = new_token(scene.rng)
    points.order(folder, "after_read_before_ship", "hold")
    with scene.journal.writing(Item("stale", token, "public"), act="create"):
        row = resource(title(token), authors=["Diop, A."], abstract=abstract(token), live=True, seen_at=f"{MARK}stale")
    held = scene.until(lambda: points.taken(folder, "after_read_before_ship", "hold"), 15)
    scene.expect(held, "no worker was on its way to the engine")
    _end_shippers(scene)  # its lock must not keep the others from shipping: its connection is lost
    with scene.journal.writing(Item("stale", "", None), act="delete"):
        row.delete()
    scene.expect(scene.until(lambda: not _announced(f"resource:{row.pk}"), 20), "the tombstone was never shipped")
    time.sleep(1.5)  # the engine forgets deletes at its own leisure, and all of them when it restarts
    server.stop()
    server.start()
    points.withdraw(folder)
    yield


@fault(10, "one document in a hundred refused (400), one in twenty put off (429)", short=("full",), needs=ELASTIC)
def items_refused(scene: Scene) -> Iterator[None]:
    proxy, server = scene.stage.proxies["elasticsearch"], scene.stage.servers["elasticsearch"]
    refusing = Refusing(0, server.port, scene.rng, poison=4.0, busy=5.0)
    proxy.upstream = refusing.port
    proxy.reset()
    for number in range(BURST):
        token = new_token(scene.rng)
        item = Item(f"burst/{number}", token, "public")
        with scene.journal.writing(item, act="create"):
            resource(title(token), authors=["Diop, A."], live=True, seen_at=f"{MARK}{item.name}")
    yield
    scene.figures["items"] = ", ".join(f"{n} {code or 'passed'}" for code, n in sorted(refusing.refused.items()))
    scene.expect(refusing.refused[400] > 0 and refusing.refused[429] > 0, f"refused only {dict(refusing.refused)}")
    passed = [row.document for row in Outbox.objects.filter(parked=True) if row.document not in refusing.poisoned]
    scene.expect(not passed, f"parked without a fault of their own: {passed[:3]}")
    proxy.upstream = server.port
    proxy.reset()
    refusing.close()
    _edit_parked(scene)


@fault(11, "flood stage: indices read-only, then released", needs=ELASTIC)
def flood_stage(scene: Scene) -> Iterator[None]:
    node = _node(scene)
    node.block(True)
    scene.expect(scene.until(lambda: Outbox.objects.exists(), 15), "nothing waited while the indices were read-only")
    yield
    scene.figures["waiting"] = str(Outbox.objects.count())
    scene.expect(not Outbox.objects.filter(parked=True).exists(), "documents were parked for a fault of the engine")
    node.block(False)


@fault(12, "aliases and indices deleted by hand", short=("full",), needs=ELASTIC)
def indices_deleted(scene: Scene) -> Iterator[None]:
    node = _node(scene)
    first = Target.objects.get(state=Target.State.SERVING).pk
    before = node.aliases()
    node.delete_aliases()
    scene.expect(scene.until(lambda: _serving() not in (None, first), 40), "no new generation after the aliases went")
    second = _serving()
    node.delete_indices()
    scene.expect(scene.until(lambda: _serving() not in (None, second), 40), "no new generation after the indices went")
    yield
    scene.expect(node.aliases() == before, f"aliases were {sorted(before)}, are {sorted(node.aliases())}")
    made = [name for name in node.indices() if name in before]
    scene.expect(not made, f"indices were made by writing to the names of aliases: {made}")


@fault(13, "an old snapshot put back, then one document in a hundred altered in the index", needs=ELASTIC)
def index_altered(scene: Scene) -> Iterator[None]:
    """The engine lacks what is new, and has again what was deleted; nothing in the outbox says so."""
    node, site = _node(scene), scene.stage.site
    kept, gone = (_publish(scene, name) for name in ("kept", "gone"))
    scene.expect(scene.until(lambda: _shipped(kept) and _shipped(gone), 20), "the first documents were never shipped")
    node.take_snapshot()
    token = new_token(scene.rng)
    with scene.journal.writing(Item("kept", token, "public"), act="rename"):
        Resource.objects.filter(pk=kept).update(title=title(token), abstract=abstract(token))
    with scene.journal.writing(Item("gone", "", None), act="delete"):
        Resource.objects.get(pk=gone).delete()
    scene.pause(scene.seconds / 3)
    drain()
    scene.expect(scene.until(lambda: _shipped(kept) and _shipped(gone), 20), "the newer documents were never shipped")
    site.kill(*site.background)  # whoever is at the index meanwhile would see that it is closed
    node.put_snapshot_back()
    found, _ = managing(scene.stage.direct, "search_check").communicate(timeout=120)
    for pk in (kept, gone):
        scene.expect(
            f"behind: public:resource:{pk}:en" in found, f"search_check does not see resource {pk}: {found[-300:]}"
        )
    scene.figures["put back"] = f"{found.count('Elasticsearch behind')} documents"
    site.start()
    altered = node.alter(scene.rng, share=0.05)
    scene.figures["altered"] = str(altered)
    scene.expect(altered > 0, "nothing was altered")
    yield
    scene.expect(next_comparison(scene), "the regular comparison did not end with a proof")


def _publish(scene: Scene, name: str) -> int:
    token = new_token(scene.rng)
    with scene.journal.writing(Item(name, token, "public"), act="create"):
        row = resource(title(token), authors=["Diop, A."], abstract=abstract(token), live=True, seen_at=f"{MARK}{name}")
    return row.pk


def _shipped(pk: int) -> bool:
    """Say whether the engine has all that is known of a resource."""
    state = State.objects.filter(key=f"resource:{pk}").first()
    return bool(state and 0 < state.want == state.done) and not _announced(f"resource:{pk}")


@fault(23, "rebuild killed at each stage, then two at once", needs=ELASTIC)
def rebuild_killed(scene: Scene) -> Iterator[None]:
    folder, env = scene.stage.points, {**scene.stage.env, "FAULTS_ROLE": "rebuild"}
    watch, seen = _watch_one(scene)
    stages = ["after_registering", "in_the_backfill", "between_backfill_and_swap", "after_swap_before_note"]
    killed = []
    for name in stages:
        for role in ("rebuild", "worker"):  # workers go on with what a command began
            points.order(folder, name, "kill", role)
        rebuild = managing(env, *REBUILD)
        rebuild.communicate(timeout=90)
        killed += [name] * (rebuild.returncode == -signal.SIGKILL)
        scene.stage.site.start()
    points.withdraw(folder)
    scene.figures["killed"] = ", ".join(killed)
    both = [managing(env, *REBUILD) for _ in range(2)]
    for process in both:
        output, _ = process.communicate(timeout=120)
        scene.expect(process.returncode == 0, f"one of two rebuilds failed: {output[-300:]}")
    watch.stop()
    scene.figures["the steady one"] = f"found {sum(seen)} of {len(seen)} times"
    scene.expect(all(seen), f"what stands there all the time was not found {seen.count(False)} times of {len(seen)}")
    scene.expect(scene.until(lambda: Target.objects.count() == 1, 30), f"{Target.objects.count()} generations are left")
    yield
    node = _node(scene)
    scene.expect(scene.until(lambda: len(node.indices()) == 3, 30), f"indices are left: {node.indices()}")


def _watch_one(scene: Scene) -> tuple[Crowd, list[bool]]:
    """Let a visitor look again and again for something that stands there all the time; return what he finds."""
    token, visitor, seen = new_token(scene.rng), scene.people.readers["public"], []
    with scene.journal.writing(Item("steady", token, "public"), act="create"):
        resource(title(token), authors=["Diop, A."], abstract=abstract(token), live=True, seen_at=f"{MARK}steady")
    scene.expect(
        scene.until(lambda: token in visitor.search(token).tokens(), 20), "the steady one was not found at all"
    )
    watch = Crowd()
    watch.add(lambda: seen.append(token in visitor.search(token).tokens()), 0.3, Random(scene.label))
    return watch, seen


@fault(31, "a newer version arrives while an older one is being acknowledged", needs=ELASTIC)
def late_acknowledgement(scene: Scene) -> Iterator[None]:
    folder, token = scene.stage.points, new_token(scene.rng)
    points.order(folder, "after_ship_before_outbox_delete", "hold")
    with scene.journal.writing(Item("late", token, "public"), act="create"):
        row = resource(title(token), authors=["Diop, A."], abstract=abstract(token), live=True, seen_at=f"{MARK}late")
    scene.expect(scene.until(lambda: points.taken(folder, "after_ship_before_outbox_delete", "hold"), 15), "no shipper")
    newer = new_token(scene.rng)
    with scene.journal.writing(Item("late", newer, "public"), act="rename"):
        Resource.objects.filter(pk=row.pk).update(title=title(newer), abstract=abstract(newer))
    drain()
    points.withdraw(folder)
    yield


def _end_shippers(scene: Scene) -> None:
    """End the database sessions of whoever ships now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s",
            [shipping.LOCK],
        )


def _notice(scene: Scene) -> bool:
    return NOTICE in scene.people.readers["staff"].get("/en/search/?q=canary").body


def _announced(key: str) -> bool:
    return Outbox.objects.filter(document__contains=f":{key}:").exists()


def _serving() -> int | None:
    return Target.objects.filter(state=Target.State.SERVING).values_list("pk", flat=True).first()


def _node(scene: Scene) -> Node:
    return Node(scene.stage.direct["ELASTICSEARCH_URL"])


def _edit_parked(scene: Scene) -> None:
    """Edit what is parked: a new version gets its chance. What is gone cannot be edited: the staff send it again."""
    parked = list(Outbox.objects.filter(parked=True).values_list("document", flat=True))
    scene.figures["parked"] = str(len(parked))
    rows = Resource.objects.in_bulk({int(document.split(":")[2]) for document in parked})
    for row in rows.values():
        row.abstract += " Corrected."
        row.save()
    for document in parked:
        if int(document.split(":")[2]) not in rows:
            retry(document)
