"""The real code under everything that may happen, in any order, with workers stopped and doubled at the worst moments.

Every history ends in quiescence: then documents, full text and replica equal the content, and nobody finds a secret.
"""

import datetime
import io
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from unittest.mock import patch

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from library.models import Resource
from search import entropy, generations, outbox, replication
from search.engines import database_engine
from search.engines.base import Question
from search.engines.replica import Outcome, ReplicaDown
from search.models import Outbox, Target
from search.tree import Term
from sync import projection
from sync.checking import compare
from sync.drain import before_read, drain
from sync.folding import fold
from sync.models import Dirty, Document, State
from sync.projection import open_keys, project
from tests.chance import times
from tests.search.memory import MemoryReplica, Stored
from tests.sync.helpers import resource
from tests.sync.world import CANARY, EVENTS, SECRET, World, make_world, visible_keys

pytestmark = pytest.mark.django_db
CERTAIN = ("resource", "term", "page")  # kinds of which everything with the canary is to be found
NUMBERS = st.integers(0, 7)
Change = tuple[str, int]
CHANGES = st.tuples(st.sampled_from(sorted(EVENTS)), NUMBERS)
OF_ONE_ROW = ["edit", "show", "hide", "bulk_update", "delete"]
NEW = st.booleans()  # whether a generation is begun
MINUTE = datetime.timedelta(minutes=1)
SMALL = {"search.shipping.BATCH": 3, "search.outbox.FILL": 4, "search.generations.NEARLY": 2, "sync.drain.BATCH": 4}


class Killed(BaseException):
    """The process is gone: nothing after this moment happens."""


READ = "after the content was read, before writing"
# Where a worker may be stopped, or be overtaken: the function, and whether before or after it.
MOMENTS = {
    "after folding, before the content is read": (projection, "build", "before"),
    READ: (projection, "_write", "before"),
    "after writing": (projection, "_write", "after"),
    "before a generation is filled further": (generations, "fill", "before"),
    "after the proof": (generations, "prove", "after"),
    "before the swap": (generations, "_swap", "before"),
}
# Calls of the engine, after which the worker may not hear the answer.
CALLS = [f"{side} {call}" for call in "put put put swap open drop checksum".split() for side in ("before", "after")]
WITHIN = {  # inside a transaction: the worker can only die
    "in the transaction that folds": (Dirty.objects, "filter", "before"),
    "in the transaction that writes": (outbox, "enqueue", "after"),
    "in the transaction that fills": (outbox, "enqueue_for", "after"),
    "in the transaction that mends": (entropy, "_raise_state", "after"),
}


@contextmanager
def at(place: object, name: str, side: str, happen: Callable[[], None]) -> Iterator[None]:
    """Have something happen, once, before or after the next call of a function."""
    real, pending = getattr(place, name), [happen]

    def call(*args, **kwargs):
        if side == "before" and pending:
            pending.pop()()
        result = real(*args, **kwargs)
        if side == "after" and pending:
            pending.pop()()
        return result

    with patch.object(place, name, call):
        yield


def throw(error: type[BaseException]) -> None:
    raise error("at a bad moment")


def everything() -> None:
    drain()
    replication.replicate()


WORK: dict[str, Callable] = {
    "drain": drain,
    "everything": everything,
    "a step of replication": lambda: replication.replicate(0.0),
    "reconcile": replication.reconcile,
    "rebuild": lambda: generations.register("1"),
}
STAGES = ["everything", "everything", "everything", "drain", "reconcile"]


def be_ahead(engine: MemoryReplica) -> None:
    """As after a restore of the database: it has newer versions, and what the database does not know."""
    for audience, index in engine.all_indices():
        stored = Stored(7, "f" * 32, 1, gone=False, words=frozenset([SECRET]))
        index.written |= {doc_id: replace(stored, version=known.version + 3) for doc_id, known in index.some(2)}
        index.written[f"{audience}:resource:9999:en"] = stored


FAULTS: dict[str, Callable[[MemoryReplica], object]] = {
    "it goes down": lambda engine: vars(engine).update(is_down=True),
    "it comes up": MemoryReplica.heal,
    "it refuses documents": lambda engine: engine.faults.update({"*:1*": Outcome("refused", "400")}),
    "it refuses all of a kind": lambda engine: engine.faults.update({"*:term:*": Outcome("refused", "400")}),
    "it is busy": lambda engine: engine.faults.update({"*": Outcome("later", "429")}),
    "it is busy with some": lambda engine: engine.faults.update({"public:*": Outcome("later", "429")}),
    "its indices are deleted": lambda engine: vars(engine).update(indices={}, aliases={}),
    "its aliases are deleted": lambda engine: vars(engine).update(aliases={}),
    "it gets another mapping": lambda engine: vars(engine).update(mapping=str(int(engine.mapping) + 1)),
}


# What only a comparison reveals: in some histories, since in the others nothing may need one.
HARM: dict[str, Callable[[MemoryReplica], object]] = {
    "it forgets tombstones": MemoryReplica.forget_tombstones,
    "it is ahead": be_ahead,
}


class Machine(RuleBasedStateMachine):
    """Events of the world, work of any worker, and faults, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.world, self.engine, self.may_be_harmed = World(), MemoryReplica(), False
        self.stack = ExitStack()
        self.stack.enter_context(patch("django.utils.timezone.now", self.world.clock))
        for name in ("search.replication.replica", "search.management.commands.search_check.replica"):
            self.stack.enter_context(patch(name, lambda: self.engine))
        for name, size in SMALL.items():
            self.stack.enter_context(patch(name, size))
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    @initialize(n=NUMBERS)
    def choose(self, n: int) -> None:
        self.may_be_harmed = n == 0

    @rule(changes=st.lists(CHANGES, min_size=1, max_size=4), rolled_back=st.integers(0, 9).map(lambda n: n == 0))
    def happen(self, changes: list[Change], rolled_back: bool) -> None:
        with transaction.atomic():
            for change in changes:
                self.change(change)
            transaction.set_rollback(rolled_back)

    def change(self, change: Change) -> None:
        name, n = change
        EVENTS[name](self.world, n)

    @rule(work=st.sampled_from(sorted(WORK)))
    def work(self, work: str) -> None:
        WORK[work]()

    @rule(n=NUMBERS)
    def project_some(self, n: int) -> None:
        """In another order than the usual one."""
        fold()
        project(open_keys(20)[n::2])

    @rule(change=CHANGES)
    def read(self, change: Change) -> None:
        """A reader's search is right at once, whatever the workers do."""
        self.change(change)
        before_read()
        assert not found(SECRET)

    @rule(fault=st.sampled_from(sorted(FAULTS)))
    def engine_suffers(self, fault: str) -> None:
        FAULTS[fault](self.engine)

    @precondition(lambda self: self.may_be_harmed)
    @rule(harm=st.sampled_from(sorted(HARM)))
    def engine_is_harmed(self, harm: str) -> None:
        HARM[harm](self.engine)

    @rule(change=CHANGES, new=NEW, moment=st.sampled_from([*MOMENTS, *WITHIN]), work=st.sampled_from(STAGES))
    def die(self, change: Change, new: bool, moment: str, work: str) -> None:
        """A worker is killed."""
        self.begin(change, new)
        with suppress(Killed), at(*{**MOMENTS, **WITHIN}[moment], lambda: throw(Killed)):
            WORK[work]()

    def begin(self, change: Change, new: bool) -> None:
        """Make work: a change, perhaps a new generation too."""
        self.change(change)
        if new:
            WORK["rebuild"]()

    @rule(change=CHANGES, new=NEW, call=st.sampled_from(CALLS), fault=st.sampled_from([Killed, ReplicaDown]))
    def die_while_talking_to_the_engine(self, change: Change, new: bool, call: str, fault: type) -> None:
        """Or hear nothing: the engine may have done what nobody knows of."""
        self.begin(change, new)
        with suppress(Killed), self.engine.at(call, lambda: throw(fault)):
            WORK["everything"]()

    @rule(
        n=NUMBERS,
        first=st.sampled_from(OF_ONE_ROW),
        then=st.sampled_from(OF_ONE_ROW),
        new=NEW,
        moment=st.sampled_from([*MOMENTS, *CALLS]),
        work=st.sampled_from(STAGES),
        other=st.sampled_from(["drain", "everything"]),
    )
    def be_overtaken(self, n: int, first: str, then: str, new: bool, moment: str, work: str, other: str) -> None:
        """At this moment of a worker the same row changes again, and another worker does its work."""

        self.begin((first, n), new)
        with self.overtaking(n, then, moment, other):
            WORK[work]()

    @contextmanager
    def overtaking(self, n: int, then: str, moment: str, other: str) -> Iterator[None]:
        def overtake() -> None:
            self.change((then, n + Resource.objects.count()))  # the same row, other words
            WORK[other]()

        with at(*MOMENTS[moment], overtake) if moment in MOMENTS else self.engine.at(moment, overtake):
            yield

    @rule(
        n=NUMBERS,
        first=st.sampled_from(OF_ONE_ROW),
        then=st.sampled_from(OF_ONE_ROW),
        moment=st.sampled_from([READ, "before put", "after put"]),
        other=st.sampled_from(["drain", "everything"]),
    )
    def change_while_it_is_worked_on(self, n: int, first: str, then: str, moment: str, other: str) -> None:
        """The only thing that waits: what is written, shipped or acknowledged is old by then, or comes after the newer."""
        everything()
        self.change((first, n))
        with self.overtaking(n, then, moment, other):
            everything()
        drain()
        assert len(compare()) == 0

    @precondition(lambda self: not self.may_be_harmed)
    @invariant()
    def what_the_engine_lacks_is_announced(self) -> None:
        """At every moment: a row of the outbox says so, or shipping will never bring it."""
        for target in Target.objects.filter(filled=True, pk__in=self.engine.indices):
            waiting = set(Outbox.objects.filter(target=target).values_list("document", flat=True))
            for audience, index in self.engine.indices[target.pk].items():
                versions = Document.objects.filter(audience=audience).values_list("id", "version")
                lacking = {i for i, version in versions if i not in index.written or index.written[i].version < version}
                assert lacking <= waiting, lacking - waiting

    def teardown(self) -> None:
        try:
            self.comes_to_rest()
            self.is_right()
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)
            self.stack.close()

    def comes_to_rest(self) -> None:
        """All faults end, the staff send refused documents again, time passes, workers work."""
        self.engine.heal()
        Outbox.objects.filter(parked=True).update(parked=False, retry_at=None, attempts=0)
        for _ in range(4):
            self.world.passed += 2 * MINUTE
            drain()
            replication.replicate()
        mended = replication.reconcile()
        assert self.may_be_harmed or not mended, "shipping alone should have been enough"
        replication.replicate()

    def is_right(self) -> None:
        assert not State.objects.exclude(reason="").exists()
        report = io.StringIO()
        try:
            call_command("search_check", stdout=report)
        except SystemExit:
            raise AssertionError(report.getvalue()) from None
        target = Target.objects.get()  # one generation, which serves
        assert target.state == Target.State.SERVING and target.form == self.engine.form()
        assert self.engine.serving() == target.pk and self.engine.generations() == [target.pk]
        assert not Outbox.objects.exists()
        self.replica_equals_the_documents(target)
        public = visible_keys(AnonymousUser(), CERTAIN)
        for keys in (found(CANARY), keys_of(self.engine.find(CANARY, "public", target.pk))):
            assert {key for key in keys if not key.startswith("expert:")} == public & told(CANARY)
        assert not found(SECRET) and not self.engine.find(SECRET, "public", target.pk)

    def replica_equals_the_documents(self, target: Target) -> None:
        for audience, index in self.engine.indices[target.pk].items():
            rows = Document.objects.filter(audience=audience).values_list("id", "version", "hash", "gone")
            assert {(i, s.version, s.hash, s.gone) for i, s in index.written.items()} == set(rows)


def found(word: str, audience: str = "public") -> set[str]:
    """Return the keys that the database's engine finds for an audience."""
    return keys_of(database_engine().find(Question(Term("words", word), audience, size=1_000)).ids)


def told(word: str) -> set[str]:
    """Return the keys of all documents that say a word, for anybody."""
    rows = Document.objects.filter(gone=False).values_list("key", "title_words", "body_words")
    return {key for key, title, body in rows if word in f"{title} {body}".split()}


def keys_of(ids) -> set[str]:
    return {":".join(doc_id.split(":")[1:3]) for doc_id in ids}


PROFILE = settings(
    max_examples=times(60),
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


SHORT = settings(PROFILE, max_examples=150, stateful_step_count=15, phases=[Phase.generate])


@pytest.fixture
def world(settings, caplog) -> None:
    settings.ELASTICSEARCH_URL = "http://memory"
    caplog.set_level(logging.CRITICAL)
    make_world()
    drain()


def test_any_history_ends_right(world):
    run_state_machine_as_test(Machine, settings=PROFILE)


def test_without_comparing_versions_a_history_ends_wrong(world):
    careless = "DELETE FROM search_outbox WHERE id = %s AND %s >= 0"
    with patch("search.shipping.ACKNOWLEDGE", careless), pytest.raises((AssertionError, BaseExceptionGroup)):
        run_state_machine_as_test(Machine, settings=SHORT)


def test_a_worker_that_swaps_in_what_serves_already_changes_nothing(settings, monkeypatch):
    """Two workers prove the same generation; the slower one must not take it for the old one."""
    settings.ELASTICSEARCH_URL, engine = "http://memory", MemoryReplica()
    monkeypatch.setattr(replication, "replica", lambda: engine)
    with at(generations, "_swap", "before", everything):
        everything()
    target = Target.objects.get()
    assert target.state == Target.State.SERVING
    everything()
    assert Target.objects.get() == target and engine.serving() == target.pk


def test_what_changes_while_it_is_shipped_is_shipped_again(settings, monkeypatch):
    """The engine acknowledges the version that it was given, not the one that waits by then."""
    settings.ELASTICSEARCH_URL, engine = "http://memory", MemoryReplica()
    monkeypatch.setattr(replication, "replica", lambda: engine)
    row = resource("First")
    everything()

    def change(title: str) -> None:
        type(row).objects.update(title=title)
        drain()

    change("Second")
    with engine.at("before put", lambda: change("Third")):
        replication.replicate()
    replication.replicate()
    document = Document.objects.get(id=f"public:resource:{row.pk}:en")
    stored = engine.indices[Target.objects.get().pk]["public"].written[document.id]
    assert document.title == "Third" and stored.version == document.version
