"""Loading content files: idempotent, row by row, and never over what people changed.

An app registers a `Loader` in its `content.py`. For each row of its files the loader says what the database should hold
(`wanted`), and what it holds now (`state`), both as plain dictionaries with the same names. From the hash kept at
loading follow the cases: new, same, changed in the file, changed here, changed on both sides, deleted here.
"""

import csv
import hashlib
import json
import unicodedata
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import transaction

from core.analysis import clean
from core.models import LoadedRow


class RowError(Exception):
    """A row that cannot be loaded; the message says what to correct."""


@dataclass(frozen=True)
class Row:
    """One row to load: its key, where it stands, and its values as written."""

    key: str
    file: Path
    line: int
    values: dict[str, Any]


@dataclass(frozen=True)
class Problem:
    """A bad row or file, as an editor needs it told."""

    file: Path
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file.name}, line {self.line}: {self.reason}"


@dataclass
class Report:
    """What loading did: counts by outcome, bad rows, and rows where file and database differ."""

    counts: Counter = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)


class Loader(ABC):
    """How one kind of row gets from its file into the database."""

    name: ClassVar[str]
    order: ClassVar[int]  # loaders run from low to high; a row may refer to rows of lower loaders

    @abstractmethod
    def rows(self, folder: Path, report: Report) -> Iterator[Row]:
        """Yield the rows of the files in `folder`; unreadable files and rows go to `report.problems`."""

    @abstractmethod
    def wanted(self, row: Row) -> dict[str, Any]:
        """Return what the database should hold. Raises RowError."""

    @abstractmethod
    def present(self) -> dict[str, Any]:
        """Return all objects in the database by key, with what `state` reads."""

    @abstractmethod
    def state(self, obj: Any) -> dict[str, Any]:
        """Return what the database holds, in the form of `wanted`."""

    @abstractmethod
    def save(self, key: str, wanted: dict[str, Any], obj: Any | None) -> None:
        """Create the object, or bring it to `wanted`. Raises RowError or ValidationError."""


_loaders: dict[str, Loader] = {}


def register(loader: type[Loader]) -> type[Loader]:
    """Class decorator: add a loader."""
    _loaders[loader.name] = loader()
    return loader


def loaders() -> list[Loader]:
    return sorted(_loaders.values(), key=lambda loader: loader.order)


def read_csv(path: Path, columns: Iterable[str], key: Callable[[dict], str], report: Report) -> Iterator[Row]:
    """Yield the rows of a CSV file (UTF-8, comma, header row), stripped and in NFC.

    A missing file, a broken encoding, a missing column, a row of another length and a repeated key are problems.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        report.problems.append(Problem(path, 0, "the file is missing"))
        return
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        report.problems.append(Problem(path, line, "not UTF-8: save the file as CSV UTF-8; nothing of it was loaded"))
        return
    reader = csv.DictReader(text.splitlines(keepends=True), strict=True)
    missing = [column for column in columns if column not in (reader.fieldnames or [])]
    if missing:
        report.problems.append(Problem(path, 1, f"column missing: {', '.join(missing)}; nothing of it was loaded"))
        return
    seen: dict[str, int] = {}
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            report.problems.append(Problem(path, reader.line_num, f"not CSV ({error}); the rest was not loaded"))
            return
        line = reader.line_num
        if None in values or None in values.values():
            report.problems.append(Problem(path, line, f"the row needs {len(reader.fieldnames)} fields"))
            continue
        values = {name: unicodedata.normalize("NFC", clean(value)).strip() for name, value in values.items()}
        row_key = key(values)
        if row_key in seen:
            report.problems.append(Problem(path, line, f"{row_key!r} stands in line {seen[row_key]} already"))
            continue
        seen[row_key] = line
        yield Row(row_key, path, line, values)


def load(loader: Loader, folder: Path, progress: Callable[[list[Row]], Iterable[Row]] = iter) -> Report:
    """Load one loader's files; every row is written whole or not at all."""
    report = Report()
    rows = list(loader.rows(folder, report))
    present = loader.present()
    hashes = dict(LoadedRow.objects.filter(loader=loader.name).values_list("key", "hash"))
    for row in progress(rows):
        try:
            outcome = _load_row(loader, row, present.get(row.key), hashes.get(row.key), report)
        except RowError as error:
            report.problems.append(Problem(row.file, row.line, str(error)))
        except ValidationError as error:
            report.problems.append(Problem(row.file, row.line, "; ".join(_messages(error))))
        else:
            report.counts[outcome] += 1
    return report


def _load_row(loader: Loader, row: Row, obj: Any | None, loaded: str | None, report: Report) -> str:
    wanted = loader.wanted(row)
    new = digest(wanted)
    if obj is None:
        if loaded is not None:
            if new != loaded:
                report.differences.append(f"{loader.name} {row.key}: deleted here, the file's new row was not loaded")
            return "deleted here"
        _save(loader, row.key, wanted, None, new)
        return "new"
    state = loader.state(obj)
    if digest(state) == new:
        if loaded != new:
            LoadedRow.objects.update_or_create(loader=loader.name, key=row.key, defaults={"hash": new})
        return "same"
    if digest(state) == loaded:
        _save(loader, row.key, wanted, obj, new)
        return "updated"
    fields = ", ".join(sorted(name for name in wanted if wanted[name] != state.get(name)))
    report.differences.append(f"{loader.name} {row.key}: edited here, kept; differs from the file in {fields}")
    return "edited here"


def _save(loader: Loader, key: str, wanted: dict[str, Any], obj: Any | None, new: str) -> None:
    with transaction.atomic():
        loader.save(key, wanted, obj)
        LoadedRow.objects.update_or_create(loader=loader.name, key=key, defaults={"hash": new})


def digest(values: dict[str, Any]) -> str:
    """Return the hash of plain values, whatever their order of naming."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def _messages(error: ValidationError) -> list[str]:
    if hasattr(error, "error_dict"):
        return [f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items()]
    return error.messages
