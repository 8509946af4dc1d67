"""Faults of workers and of Redis: 1 to 6, 16, 17."""

import shutil
import time
from collections.abc import Iterator

import redis as client
from django.utils import timezone

from qa.models import Answer, AnswerVersion, Question, QuestionText
from sync.models import State
from sync.projection import MAX_ATTEMPTS
from tests.faults import points
from tests.faults.canaries import Item, new_token
from tests.faults.playing import Scene, fault
from tests.faults.texts import MARK
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


@fault(17, "poison: a huge text, a row without its parts")
def poison(scene: Scene) -> Iterator[None]:
    huge = Item("huge", new_token(scene.rng), "public")
    with scene.journal.writing(huge, act="create"):
        words = f"Canary {huge.token} " + "benefit zzzqx " * 3_600_000  # 50 MB
        row = resource(f"Canary {huge.token}", authors=["Diop, A."], abstract=words, live=True, seen_at=f"{MARK}huge")
    question = _without_text()
    yield
    state = State.objects.get(key=question.key)
    scene.figures["poison tried"] = f"{state.attempts} times"
    scene.expect(0 < state.attempts <= MAX_ATTEMPTS, f"the poison was tried {state.attempts} times")
    scene.expect(bool(state.reason), "the poison's state names no reason")
    # What was wrong is put right, and nobody has to say so: the change takes it out of the parking place.
    QuestionText.objects.create(question=question, language="en", title="Cured?", created_at=timezone.now())
    with scene.journal.writing(Item("huge", "", None), act="delete"):
        row.delete()


def _without_text() -> Question:
    """Return a question with a cleared answer and no text, which no service would leave: its entry cannot be built."""
    now = timezone.now()
    question = Question.objects.create(language="en", visibility="members", status="answered", submitted_at=now)
    AnswerVersion.objects.create(
        answer=Answer.objects.create(question=question), language="en", body_md="It pays.", state="cleared",
        cleared_at=now, created_at=now,
    )  # fmt: skip
    return question


def _redis(scene: Scene) -> client.Redis:
    return client.Redis.from_url(scene.stage.direct["REDIS_URL"])
