"""A process that writes as management code does: single rows, many rows, raw SQL, deletes, roll-backs.

Orders come as JSON lines: {"journal": path, "seed": "7:3"} or {"stop": true}. It answers one JSON line to each:
{"started": true}, {"done": acknowledged, "failed": refused}. Started by `tests.faults.writing`.
"""

import json
import os
import select
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from django.core import serializers
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from library.models import Resource
from tests.faults.canaries import Item, Journal, new_token
from tests.faults.texts import MARK, abstract, title
from tests.library.factories import resource

MOST = 40  # objects that one run works on


class Writer:
    """Does random things to its own resources, and writes each down before and after."""

    def __init__(self, journal: Path, seed: str) -> None:
        self.journal, self.rng, self.seed = Journal(journal), Random(seed), seed
        self.numbers: dict[str, int] = {}  # of resources that exist, by object name
        self.made = 0
        acts = {
            self.create: 4, self.rename: 5, self.withdraw: 3, self.show: 2, self.delete: 2, self.publish: 2,
            self.rename_many: 1, self.rename_by_sql: 1, self.roll_back: 1, self.load: 1,
        }  # fmt: skip
        self.acts = [act for act, weight in acts.items() for _ in range(weight)]

    def step(self) -> bool:
        """Do one random thing; False if the database refused it, and then nobody knows whether it happened."""
        act: Callable[[], None] = self.rng.choice(self.acts)
        if not self.numbers or len(self.numbers) > MOST:
            act = self.delete if self.numbers else self.create
        try:
            act()
        except DatabaseError:
            connection.close()
            return False
        return True

    def _items(self, *names: str, audience: str | None) -> list[Item]:
        return [Item(name, new_token(self.rng), audience) for name in names]

    def _new(self, audience: str | None) -> Item:
        self.made += 1
        return self._items(f"{self.seed}/{os.getpid()}-{self.made}", audience=audience)[0]

    def _one(self) -> str:
        return self.rng.choice(sorted(self.numbers))

    def _row(self, name: str):
        return Resource.objects.filter(number=self.numbers[name])

    def _set(self, item: Item, live: bool) -> None:
        """Publish or withdraw, and write the new word, without a signal."""
        words = {"title": title(item.token), "abstract": abstract(item.token)}
        self._row(item.name).update(live=live, first_published_at=timezone.now(), **words)

    def create(self) -> None:
        """A resource with an author, published or a new draft: both rows or none."""
        item = self._new(self.rng.choice(["public", "public", "staff"]))
        live = item.audience == "public"
        with self.journal.writing(item, act="create"):
            made = resource(
                title(item.token), authors=["Diop, A."], abstract=abstract(item.token), live=live,
                first_published_at=timezone.now() if live else None, seen_at=MARK + item.name,
            )  # fmt: skip
        self.numbers[item.name] = made.number

    def rename(self) -> None:
        name = self._one()
        live, first = self._row(name).values_list("live", "first_published_at").get()
        item = self._items(name, audience="public" if live else "staff" if first is None else None)[0]
        with self.journal.writing(item, act="rename"):
            self._row(name).update(title=title(item.token), abstract=abstract(item.token))

    def withdraw(self) -> None:
        """Hide it and put a word into it that nobody may ever read."""
        item = self._items(self._one(), audience=None)[0]
        with self.journal.writing(item, act="withdraw"):
            self._set(item, live=False)

    def show(self) -> None:
        item = self._items(self._one(), audience="public")[0]
        with self.journal.writing(item, act="show"):
            self._set(item, live=True)

    def publish(self) -> None:
        """As editors do: a revision, published."""
        item = self._items(self._one(), audience="public")[0]
        row = self._row(item.name).get()
        row.title, row.abstract = title(item.token), abstract(item.token)
        with self.journal.writing(item, act="publish"), transaction.atomic():
            row.save_revision().publish()

    def delete(self) -> None:
        name = self._one()
        row = self._row(name).get()
        with self.journal.writing(Item(name, "", None), act="delete"):
            row.delete()
        del self.numbers[name]

    def rename_many(self) -> None:
        """One transaction over several rows: all or nothing."""
        names = self.rng.sample(sorted(self.numbers), min(4, len(self.numbers)))
        items = self._items(*names, audience="public")
        with self.journal.writing(*items, act="rename_many"), transaction.atomic():
            for item in items:
                self._set(item, live=True)

    def rename_by_sql(self) -> None:
        """A statement that no signal and no service hears."""
        item = self._items(self._one(), audience="public")[0]
        with self.journal.writing(item, act="rename_by_sql"), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE library_resource SET live = %s, title = %s, abstract = %s WHERE number = %s",
                [True, title(item.token), abstract(item.token), self.numbers[item.name]],
            )

    def roll_back(self) -> None:
        """What is rolled back never was."""
        item = self._new(None)
        with self.journal.writing(item, Item(item.name, "", None), act="roll_back"), transaction.atomic():
            resource(title(item.token), authors=["Diop, A."], live=True, seen_at=MARK + item.name)
            transaction.set_rollback(True)

    def load(self) -> None:
        """A fixture, as `loaddata` brings it, without its last step: that sets the sequence back under others' feet."""
        item = self._items(self._one(), audience="public")[0]
        row = self._row(item.name).get()
        fields = {"title": title(item.token), "abstract": abstract(item.token), "live": True}
        fields |= {
            "number": row.number,
            "work": row.work_id,
            "language": "en",
            "type": "report",
            "seen_at": row.seen_at,
        }
        fields |= {"title_key": row.title_key, "first_published_at": timezone.now().isoformat()}
        fixture = json.dumps([{"model": "library.resource", "pk": row.pk, "fields": fields}])
        with self.journal.writing(item, act="load"):
            for loaded in serializers.deserialize("json", fixture):
                loaded.save()


def obey() -> None:
    """Obey orders until standard input ends."""
    writer: Writer | None = None
    pause, counts = 0.1, {True: 0, False: 0}
    while True:
        wait = writer.rng.uniform(0, 2 * pause) if writer else None
        if select.select([sys.stdin], [], [], wait)[0]:
            line = sys.stdin.readline()
            if not line:
                return
            order = json.loads(line)
            answer: dict = {"started": True}
            if "stop" in order:
                answer, writer = {"done": counts[True], "failed": counts[False]}, None
            else:
                writer, counts = Writer(Path(order["journal"]), order["seed"]), {True: 0, False: 0}
                pause = order.get("pause", pause)
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()
        elif writer:
            done = writer.step()
            counts[done] += 1
            if not done:
                time.sleep(0.2)
