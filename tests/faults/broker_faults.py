"""Faults of workers and of Redis: 1 to 6, 16."""

import shutil
import time
from collections.abc import Iterator

import redis as client

from library.models import Resource
from sync.drain import drain
from sync.folding import fold
from tests.faults import points
from tests.faults.canaries import Item, new_token
from tests.faults.playing import Scene, fault
from tests.faults.texts import MARK, abstract, title
from tests.library.factories import resource

WORKERS = ("worker1", "worker2")


@fault(1, "worker held, then killed mid-batch", short=("full",))
def worker_killed(scene: Scene) -> Iterator[None]:
    """One is held in its transaction for a while, then others are killed, at points and at random."""
    site, folder = scene.stage.site, scene.stage.points
    deadline = time.monotonic() + scene.seconds
    chosen = ["after_read_before_write", "in_the_write"]
    points.order(folder, "in_the_write", "hold")  # meanwhile nobody else can project what it has locked
    held = scene.until(lambda: points.taken(folder, "in_the_write", "hold"), 15)
    scene.expect(held, "no worker was in the midst of a write")
    time.sleep(scene.seconds / 3)
    points.withdraw(folder)
    while time.monotonic() < deadline:
        points.order(folder, scene.rng.choice(chosen), "kill")
        scene.pause(2)
        site.kill_a_child(scene.rng.choice(WORKERS))
        scene.pause(1)
        victim = scene.rng.choice(WORKERS)
        site.kill(victim)
        site.start(victim)
    hit = sum(len(points.taken(folder, name, "kill")) for name in chosen)
    scene.figures["killed at a point"] = str(hit)
    yield


@fault(2, "all workers dead")
def workers_dead(scene: Scene) -> Iterator[None]:
    scene.stage.site.kill(*scene.stage.site.background)
    yield


@fault(3, "Redis lost", short=("full",), needs=frozenset(["redis"]))
def redis_lost(scene: Scene) -> Iterator[None]:
    server = scene.stage.servers["redis"]
    server.kill()
    shutil.rmtree(server.folder / "appendonlydir", ignore_errors=True)
    yield
    server.start()
    scene.expect(_redis(scene).dbsize() < 5, "Redis should have come back empty")


@fault(4, "Redis silent, then slow", short=("full",), needs=frozenset(["redis"]))
def redis_silent(scene: Scene) -> Iterator[None]:
    proxy = scene.stage.proxies["redis"]
    with proxy.misbehaving(silent=True):
        time.sleep(scene.seconds / 2)
    proxy.delay = 0.5
    yield
    proxy.heal()


@fault(5, "reconnect storm")
def reconnect_storm(scene: Scene) -> Iterator[None]:
    proxy = scene.stage.proxies["redis"]
    broken = 0
    for _ in range(20):
        broken += proxy.reset()
        time.sleep(0.5)
    scene.figures["connections broken"] = str(broken)
    scene.expect(broken > 20, f"only {broken} connections to Redis were broken")
    yield


@fault(6, "Redis full", needs=frozenset(["redis"]))
def redis_full(scene: Scene) -> Iterator[None]:
    session = _redis(scene)
    session.config_set("maxmemory", "2mb")
    refused = 0
    for number in range(400):
        try:
            session.set(f"ballast:{number}", "x" * 10_000)
        except client.ResponseError:
            refused += 1
    scene.expect(refused > 0, "Redis never was full")
    yield
    session.config_set("maxmemory", "0")
    session.delete(*(f"ballast:{number}" for number in range(400)))


@fault(16, "every message three times, shuffled", short=("full",))
def messages_tripled(scene: Scene) -> Iterator[None]:
    flag = scene.stage.points / points.TRIPLED
    flag.touch()
    yield
    flag.unlink()
    scene.figures["copies sent"] = str(len((scene.stage.root / points.COPIES).read_bytes()))


@fault(32, "web process killed between commit and message", outage=True)
def unannounced(scene: Scene) -> Iterator[None]:
    """Whoever wrote gets no answer, nobody is told, and what is committed is found all the same."""
    folder, name = scene.stage.points, "after_commit_before_nudge"
    deadline = time.monotonic() + scene.seconds
    while time.monotonic() < deadline:
        points.order(folder, name, "kill", "web")
        scene.pause(3)
    yield
    killed = len(points.taken(folder, name, "kill", "web"))
    scene.figures["killed at the point"] = str(killed)
    scene.expect(killed > 0, "no request was killed between its commit and the message")


@fault(33, "a process overtaken between reading and writing", ways=("full", "embedded"))
def overtaken(scene: Scene) -> Iterator[None]:
    """Somebody stands still with old content in his hands: the same row changes, others go on, he wakes and writes."""
    deadline = time.monotonic() + scene.seconds
    turns = met = 0
    while time.monotonic() < deadline or met < 2:
        turns += 1
        met += _overtake(scene, f"overtaken/{turns}", others_write=turns % 2 == 0)
        if turns > 20:
            break
    scene.figures["overtaken"] = f"{met} of {turns} times"
    scene.expect(met >= 2, "hardly anybody was held between reading and writing")
    yield


def _overtake(scene: Scene, name: str, others_write: bool) -> bool:
    """Do it once, with a row of its own; False if nobody came by."""
    folder, point, roles = scene.stage.points, "after_read_before_write", ("web", "worker", "drain")
    for role in roles:
        points.order(folder, point, "hold", role)
    old, new = new_token(scene.rng), new_token(scene.rng)
    with scene.journal.writing(Item(name, old, "public"), act="create"):
        row = resource(title(old), authors=["Diop, A."], abstract=abstract(old), live=True, seen_at=MARK + name)
    held = scene.until(lambda: any(points.taken(folder, point, "hold", role) for role in roles), 5)
    with scene.journal.writing(Item(name, new, "public"), act="rename"):
        Resource.objects.filter(pk=row.pk).update(title=title(new), abstract=abstract(new))
    fold()
    if others_write:
        drain()
    points.withdraw(folder)
    return held


def _redis(scene: Scene) -> client.Redis:
    return client.Redis.from_url(scene.stage.direct["REDIS_URL"])
