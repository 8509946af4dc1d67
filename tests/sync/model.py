"""A model of the sync protocol in memory, to be run in every order: two objects, workers that stop anywhere.

Stage one brings writes into documents, stage two brings documents into generations of an engine. Each safeguard of the
protocol can be left out, to see that it is needed.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

OBJECTS = (0, 1)
SLOTS = (0, 1)  # of workers of each kind
Step = tuple  # the name of a method of the model, and its arguments


@dataclass(frozen=True)
class Protocol:
    """The safeguards."""

    durable_mark: bool = True  # the mark is a row of the write's transaction, not a message after it
    want_before_content: bool = True
    done_is_what_was_read: bool = True  # not what is wanted by now
    guarded_write: bool = True  # nothing is written where somebody newer was faster
    versions_compared: bool = True  # an outbox row newer than what was shipped stays
    external_versions: bool = True  # the engine refuses what is older than what it has
    tombstones: bool = True  # hidden objects are documents without text, not deletes, which the engine forgets
    registered_first: bool = True  # a generation is known before it is filled
    fed_while_building: bool = True
    proof: bool = True  # a generation serves only if it equals the documents
    registered_alone: bool = True  # not while a transaction that writes documents is open


@dataclass
class Target:
    """A generation: what waits for it, and what the engine has."""

    registered: bool
    to_fill: list[int] = field(default_factory=lambda: list(OBJECTS))
    outbox: dict[int, int] = field(default_factory=dict)  # versions
    has: dict[int, tuple[int, int | None]] = field(default_factory=dict)  # version and content; None: a tombstone
    deleted: dict[int, int] = field(default_factory=dict)  # versions of deletes, as long as they are remembered
    proven: bool = False


@dataclass
class Projecting:
    """A worker on its way through one object."""

    key: int
    want: int | None = None
    content: int | None = None
    steps: int = 0
    targets: list[Target] | None = None  # that its open transaction saw


@dataclass
class Shipping:
    """A worker on its way with one row of an outbox."""

    target: Target
    key: int
    version: int = 0  # of the row, then of the document
    content: int | None = None
    steps: int = 0


class Model:
    """The state of everything. Every public method is one step that may happen at any moment."""

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        self.made = 0
        self.content: dict[int, int | None] = dict.fromkeys(OBJECTS)  # None: hidden
        self.open: dict[int, int | None] = {}  # writes that are not committed
        self.unsent: list[int] = []  # messages of a process that has committed
        self.dirty: list[int] = []
        self.want = dict.fromkeys(OBJECTS, 0)
        self.done = dict.fromkeys(OBJECTS, 0)
        self.documents: dict[int, tuple[int, int | None]] = {}
        self.projectors: dict[int, Projecting] = {}
        self.shippers: dict[int, Shipping] = {}
        self.serving, self.building = Target(registered=True, to_fill=[], proven=True), None

    def steps(self) -> Iterator[Step]:
        """Yield all that can happen now."""
        for key in OBJECTS:
            yield from [("commit", key)] if key in self.open else [("write", key, False), ("write", key, True)]
        yield from [("send",), ("lose",)] if self.unsent else []
        yield from [("fold",)] if self.dirty else []
        for slot in SLOTS:
            if slot in self.projectors:
                yield from [("project", slot), ("kill_projector", slot)]
            else:
                yield from (("start_projector", slot, key) for key in OBJECTS if self.done[key] < self.want[key])
            if slot in self.shippers:
                yield from [("ship", slot), ("kill_shipper", slot)]
            else:
                yield from (("start_shipper", slot, *row) for row in self._waiting())
        yield from [("forget",)] if self.serving.deleted else []
        if self.building is None:
            yield from [("register",)] if self._may_register() else []
        else:
            yield from [("fill",)] if self.building.to_fill else []
            yield ("swap",) if self.building.proven else ("prove",)

    def _waiting(self) -> Iterator[tuple[bool, int]]:
        """Yield the rows of the outboxes: whether of the generation that is being built, and the object."""
        yield from ((False, key) for key in self.serving.outbox)
        yield from ((True, key) for key in (self.building.outbox if self.building else ()))

    def write(self, key: int, hide: bool) -> None:
        self.made += 1
        self.open[key] = None if hide else self.made

    def commit(self, key: int) -> None:
        self.content[key] = self.open.pop(key)
        (self.dirty if self.protocol.durable_mark else self.unsent).append(key)

    def send(self) -> None:
        self.dirty, self.unsent = self.dirty + self.unsent, []

    def lose(self) -> None:
        """The process dies that has committed and not yet sent its messages."""
        self.unsent = []

    def fold(self) -> None:
        for key in set(self.dirty):
            self.want[key] += 1
        self.dirty = []

    def start_projector(self, slot: int, key: int) -> None:
        self.projectors[slot] = Projecting(key)

    def project(self, slot: int) -> None:
        """Take a worker one step on."""
        worker = self.projectors[slot]
        reads = [self._read_want, self._read_content]
        [*(reads if self.protocol.want_before_content else reads[::-1]), self._claim, self._write][worker.steps](worker)
        if worker.steps == 4:
            del self.projectors[slot]

    def _read_want(self, worker: Projecting) -> None:
        worker.want, worker.steps = self.want[worker.key], worker.steps + 1

    def _read_content(self, worker: Projecting) -> None:
        worker.content, worker.steps = self.content[worker.key], worker.steps + 1

    def _claim(self, worker: Projecting) -> None:
        """Begin the transaction: it locks the row of the object and sees the generations there are."""
        if not any(other.targets is not None and other.key == worker.key for other in self.projectors.values()):
            worker.targets = [self.serving]
            if self.building and self.building.registered and self.protocol.fed_while_building:
                worker.targets.append(self.building)
            worker.steps += 1

    def _write(self, worker: Projecting) -> None:
        """Commit it: the mark, the document and its outbox rows."""
        key, worker.steps = worker.key, worker.steps + 1
        if self.done[key] < worker.want or not self.protocol.guarded_write:
            mark = worker.want if self.protocol.done_is_what_was_read else self.want[key]
            self.done[key] = max(self.done[key], mark)
            self.documents[key] = (worker.want, worker.content)
            for target in worker.targets:
                target.outbox[key] = max(worker.want, target.outbox.get(key, 0))

    def start_shipper(self, slot: int, building: bool, key: int) -> None:
        target = self.building if building else self.serving
        self.shippers[slot] = Shipping(target, key, target.outbox[key])

    def ship(self, slot: int) -> None:
        """Take a worker one step on."""
        worker = self.shippers[slot]
        [self._read_document, self._put, self._acknowledge][worker.steps](worker)
        worker.steps += 1
        if worker.steps == 3:
            del self.shippers[slot]

    def _read_document(self, worker: Shipping) -> None:
        worker.version, worker.content = self.documents[worker.key]

    def _put(self, worker: Shipping) -> None:
        """Let the engine take it, or refuse it as older: both acknowledge."""
        target, key = worker.target, worker.key
        known = max(target.has.get(key, (0, None))[0], target.deleted.get(key, 0))
        if worker.version < known and self.protocol.external_versions:
            return
        if worker.content is None and not self.protocol.tombstones:
            target.has.pop(key, None)
            target.deleted[key] = worker.version
        else:
            target.has[key] = (worker.version, worker.content)

    def _acknowledge(self, worker: Shipping) -> None:
        if worker.target.outbox.get(worker.key, 0) <= worker.version or not self.protocol.versions_compared:
            worker.target.outbox.pop(worker.key, None)

    def kill_projector(self, slot: int) -> None:
        """A worker dies; its open transaction is rolled back."""
        del self.projectors[slot]

    def kill_shipper(self, slot: int) -> None:
        del self.shippers[slot]

    def forget(self) -> None:
        """The engine remembers deletes for a minute only."""
        self.serving.deleted = {}

    def _may_register(self) -> bool:
        writing = any(worker.targets is not None for worker in self.projectors.values())
        return not (writing and self.protocol.registered_alone)

    def register(self) -> None:
        self.building = Target(registered=self.protocol.registered_first)

    def fill(self) -> None:
        """Put the next document into the outbox of the new generation, which is surely registered after the last."""
        key = self.building.to_fill.pop()
        if key in self.documents:
            self.building.outbox[key] = max(self.documents[key][0], self.building.outbox.get(key, 0))
        self.building.registered |= not self.building.to_fill

    def prove(self) -> None:
        equal = not self.building.to_fill and not self.building.outbox and self.visible(self.building) == self._told()
        self.building.proven = equal or not self.protocol.proof

    def swap(self) -> None:
        self.serving, self.building = self.building, None
        self.shippers = {slot: worker for slot, worker in self.shippers.items() if worker.target is self.serving}

    def visible(self, target: Target) -> dict[int, int]:
        return {key: content for key, (_, content) in target.has.items() if content is not None}

    def _told(self) -> dict[int, int]:
        return {key: content for key, (_, content) in self.documents.items() if content is not None}

    def quiesce(self) -> None:
        """Let everything end that was begun, then let fresh workers do what is left."""
        for key in list(self.open):
            self.commit(key)
        while self.projectors or self.shippers:
            for step in list(self.steps()):
                if step[0] in ("project", "ship"):
                    self.take(step)
        self.send()
        for _ in range(PATIENCE):
            step = next((step for step in self.steps() if step[0] in WORK), None)
            if step is None:
                break
            self.take(step)

    def take(self, step: Step) -> None:
        getattr(self, step[0])(*step[1:])

    def faults(self) -> Iterator[str]:
        """Say what is wrong once nothing is left to do."""
        shown, visible = self.visible(self.serving), {k: c for k, c in self.content.items() if c is not None}
        if shown.keys() - visible.keys():
            yield "something private is public"
        if self._told() != visible:
            yield "the documents differ from the content"
        if shown != visible:
            yield "the engine differs from the content"
        if self.building:
            yield "a generation is never finished"


WORK = ("fold", "project", "start_projector", "ship", "start_shipper", "fill", "swap", "prove")
PATIENCE = 80  # steps, of which two objects need some twenty
RARE = {"register": 0.3, "lose": 0.5, "kill_projector": 0.2, "kill_shipper": 0.2}


def run(protocol: Protocol, choose: Callable[[Sequence[Step]], Step], length: int = 40) -> list[str]:
    """Take chosen steps, then come to quiescence and return the faults."""
    model = Model(protocol)
    for _ in range(length):
        model.take(choose(list(model.steps())))
    model.quiesce()
    return list(model.faults())


def at_random(seed: int, weights: Mapping[str, float] = RARE) -> Callable[[Sequence[Step]], Step]:
    """Return a choice of steps, the same ones for the same seed.

    `weights` make some kinds of steps rarer. Each seed prefers some steps, and goes on with a worker rather than with
    another one: where all take turns, nobody is ever late.
    """
    chance = random.Random(seed)
    stay, liking, last = chance.random(), {}, None

    def choose(steps: Sequence[Step]) -> Step:
        nonlocal last
        if last not in steps or chance.random() > stay:
            for step in steps:
                liking.setdefault(step, weights.get(step[0], 1.0) * chance.random() ** 2)
            last = chance.choices(steps, [liking[step] + 1e-9 for step in steps])[0]
        return last

    return choose
