"""What was written, when, and who might know it at which moment: from the journals of those who wrote.

A journal is a file of JSON lines. A line with `items` is written and synced *before* the write, a line with `acked`
after it was acknowledged. What was begun and never acknowledged may or may not have happened.
"""

import json
import os
import re
import secrets
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from pathlib import Path
from random import Random

from accounts.audiences import readable_by

TOKEN = re.compile("qz[a-z]{12}")
LETTERS = "bcdfghjklmnprstv"  # no vowels: no stemmer, no list of stop words, no expansion knows such a word


def new_token(rng: Random | None = None) -> str:
    """Return a word that stands nowhere else."""
    choose = rng.choice if rng else secrets.choice
    return "qz" + "".join(choose(LETTERS) for _ in range(12))


@dataclass(frozen=True)
class Version:
    """What an object said from a moment between `begin` and `end` on. `audience`: who may read it; None: nobody."""

    name: str
    token: str
    audience: str | None
    begin: float
    end: float | None  # when it was acknowledged; None: it may never have happened

    def is_for(self, viewer: str) -> bool:
        return self.audience is not None and self.audience in readable_by(viewer)


@dataclass(frozen=True)
class Item:
    """One object in one write: its name for ever, the word it shows now, and who may read it."""

    name: str
    token: str
    audience: str | None


@dataclass(frozen=True)
class Loss:
    """The database went back to a copy that was made from `begin` to `end`; what came later was lost at `lost`."""

    begin: float
    end: float
    lost: float

    def takes(self, begin: float) -> bool:
        """Say whether a write that began then is gone for sure."""
        return self.end < begin < self.lost

    def blurs(self, begin: float, end: float | None) -> bool:
        """Say whether nobody knows any more what became of an acknowledged write."""
        return begin < self.lost and (end is None or end > self.begin)


class Journal:
    """Writes a journal; several threads may share it."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")
        self._lock = threading.Lock()
        self._own, self._count = secrets.token_hex(4), 0  # a process that was killed leaves its file to the next one

    @contextmanager
    def writing(self, *items: Item, act: str) -> Iterator[None]:
        """Note a write before it begins and, if the block ends without an error, that it is acknowledged."""
        with self._lock:
            self._count += 1
            number = f"{self._own}:{self._count}"
            self._put(
                {
                    "number": number,
                    "at": time.monotonic(),
                    "act": act,
                    "items": [[item.name, item.token, item.audience] for item in items],
                }
            )
        yield
        with self._lock:
            self._put({"acked": number, "at": time.monotonic()})

    def _put(self, line: dict) -> None:
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


class History:
    """All versions of all objects, by name, in the order in which they were written."""

    def __init__(self, versions: Iterable[Version] = ()) -> None:
        self.by_name: dict[str, list[Version]] = defaultdict(list)
        self.names_of: dict[str, set[str]] = defaultdict(set)
        self.acts: list[tuple[str, list[Item], bool]] = []
        for version in versions:
            self.add(version)

    def add(self, version: Version) -> None:
        self.by_name[version.name].append(version)
        self.names_of[version.token].add(version.name)

    @classmethod
    def read(cls, paths: Sequence[Path], lost: Loss | None = None) -> "History":
        """Read journals. A last line that was cut by a kill was not synced: it is nothing yet."""
        history = cls()
        found: list[Version] = []
        for path in paths:
            lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines(True) if line[-1] == "\n"]
            ends = {line["acked"]: line["at"] for line in lines if "acked" in line}
            for line in lines:
                if "items" in line:
                    begin, end = line["at"], ends.get(line["number"])
                    if lost and lost.takes(begin):
                        continue
                    if lost and lost.blurs(begin, end):
                        end = None
                    items = [Item(*item) for item in line["items"]]
                    history.acts.append((line["act"], items, end is not None))
                    found += [Version(i.name, i.token, i.audience, begin, end) for i in items]
        for version in sorted(found, key=lambda version: version.begin):
            history.add(version)
        return history

    def possible(self, name: str) -> list[Version]:
        """Return what the object may say at the end: the last acknowledged version, and later ones of unknown fate."""
        versions = self.by_name[name]
        last = max((place for place, version in enumerate(versions) if version.end is not None), default=0)
        return versions[last:]

    def might_know(self, viewer: str, token: str, first: float, last: float) -> bool:
        """Say whether an answer made between two moments may show `token` to `viewer`.

        It may if the word was ever written for him, and the object was his to see at some moment of the request.
        """
        for name in self.names_of.get(token, ()):
            versions = self.by_name[name]
            if not any(v.token == token and v.is_for(viewer) and v.begin <= last for v in versions):
                continue
            if any(v.is_for(viewer) and v.begin <= last and self._until(versions, i) >= first
                   for i, v in enumerate(versions)):  # fmt: skip
                return True
        return False

    @staticmethod
    def _until(versions: Sequence[Version], place: int) -> float:
        """Return the moment from which a version is certainly past: a later one was acknowledged."""
        return min((v.end for v in versions[place + 1 :] if v.end is not None), default=inf)
