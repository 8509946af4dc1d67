"""What loading pages has in common: a page with its tables and its prose is one row, whole or not at all."""

import datetime
import re
import unicodedata
from abc import abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from wagtail.models import Page

from core.loading import Loader, Problem, Report, Row, RowError, read_csv
from pages import cells
from pages.markdown import MarkdownError, Prose, parse
from pages.models import Edition

SOURCE = ("source", "source_url", "year")
FIGURES = ("language", "position", "value", "unit", "label", *SOURCE)
EDITOR_KEYS = re.compile(r' data-block-key="[^"]*"')  # the editor adds them to paragraphs when it saves

Block = dict[str, Any]


class EditionLoader(Loader):
    """Pages by "SEN:en": subject and language. A page with unpublished changes counts as edited."""

    model: ClassVar[type[Edition]]
    section: ClassVar[type[Page]]  # what holds the pages of one language
    subject: ClassVar[str]  # the column that names it
    figures: ClassVar[str] = ""  # the table of key figures
    tables: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    # The columns of each table. Its rows are of one edition if it has a column `language`, else of all of a subject.

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.subject, "language", "title", "lead", "reviewed_on", "reviewed_by")

    @property
    def pages_file(self) -> str:
        return f"{self.name}.csv"

    def rows(self, folder: Path, report: Report) -> Iterator[Row]:
        pages = list(
            read_csv(folder / self.pages_file, self.columns, lambda v: f"{v[self.subject]}:{v['language']}", report)
        )
        unreadable, parts = [], {}
        for name in self.tables:
            before = len(report.problems)
            parts[name] = self._grouped(folder / name, report)
            if len(report.problems) > before:
                unreadable.append(name)
        self._report_orphans(pages, parts, report)
        for row in pages:
            row.values["unreadable"] = unreadable
            for name, groups in parts.items():
                row.values[name] = groups.get(self._owner(name, row.values), [])
            yield row

    def wanted(self, row: Row) -> dict[str, Any]:
        values = row.values
        if values["unreadable"]:
            tables = ", ".join(values["unreadable"])
            raise RowError(f"not loaded, since rows of {tables} cannot be read: correct them first")
        self.check_subject(values[self.subject])
        blocks = self.body(row, self._prose(row))
        return {
            **{name: values[name] for name in (self.subject, "language", "title", "lead", "reviewed_by")},
            "reviewed_on": _date(values["reviewed_on"]),
            "body": _plain_body(self.model(body=blocks)),
            **self.children(row),
            "unpublished changes": False,
        }

    def present(self) -> dict[str, Edition]:
        pages = self.fetched(self.model.objects.filter(alias_of=None))
        return {f"{self.subject_of(page)}:{page.language}": page for page in pages}

    def state(self, obj: Edition) -> dict[str, Any]:
        return {
            self.subject: self.subject_of(obj),
            **{name: getattr(obj, name) for name in ("language", "title", "lead", "reviewed_by")},
            "reviewed_on": obj.reviewed_on.isoformat() if obj.reviewed_on else None,
            "body": _plain_body(obj),
            **self.children_of(obj),
            "unpublished changes": obj.has_unpublished_changes or not obj.live,
        }

    def save(self, key: str, wanted: dict[str, Any], obj: Edition | None) -> None:
        page = obj or self.new(wanted[self.subject])
        for name in ("title", "lead", "reviewed_on", "reviewed_by", "body"):
            setattr(page, name, wanted[name])
        self.set_children(page, wanted)
        if obj is None:
            self._section(wanted["language"]).add_child(instance=page)
        page.save_revision().publish()

    # --- what each type of page says ----------------------------------------------------------------------------------

    @abstractmethod
    def check_subject(self, value: str) -> None:
        """Raise RowError for what is no subject."""

    @abstractmethod
    def subject_of(self, page: Any) -> str:
        """Return the value of the subject's column."""

    @abstractmethod
    def new(self, value: str) -> Edition:
        """Return an unsaved page on a subject."""

    def fetched(self, pages: Any) -> Any:
        """Return the queryset with all that `state` reads."""
        return pages

    def body(self, row: Row, prose: Prose) -> list[Block]:
        """Return the blocks in the order in which the page shows them."""
        return [*self.figures_block(row), *texts(prose), *callouts(prose)]

    def children(self, row: Row) -> dict[str, Any]:
        """Return what the tables give besides the body, as plain values."""
        return {}

    def children_of(self, page: Any) -> dict[str, Any]:
        """Return what the database holds, in the form of `children`."""
        return {}

    def set_children(self, page: Any, wanted: Mapping[str, Any]) -> None:
        """Bring the page's rows to what `children` said."""

    # --- shared -------------------------------------------------------------------------------------------------------

    def figures_block(self, row: Row) -> list[Block]:
        figures = [cells.figure(part) for part in in_order(row.values[self.figures])] if self.figures else []
        return [block("key_figures", {"figures": figures})] if figures else []

    def _grouped(self, path: Path, report: Report) -> dict[str, list[Row]]:
        """Return the rows of a table by the page or subject that they belong to."""
        groups: dict[str, list[Row]] = defaultdict(list)
        columns = (self.subject, *self.tables[path.name])
        for row in read_csv(path, columns, lambda v: f"{self._owner(path.name, v)}:{v['position']}", report):
            groups[self._owner(path.name, row.values)].append(row)
        return groups

    def _owner(self, table: str, values: Mapping[str, str]) -> str:
        subject = values[self.subject]
        return f"{subject}:{values['language']}" if "language" in self.tables[table] else subject

    def _report_orphans(self, pages: list[Row], parts: Mapping[str, dict[str, list[Row]]], report: Report) -> None:
        """Report rows of pages that do not exist: one problem for each page and table."""
        for name, groups in parts.items():
            for owner in set(groups) - {self._owner(name, page.values) for page in pages}:
                row = groups[owner][0]
                reason = f"{owner} has no row in {self.pages_file}: add one, or remove this row"
                report.problems.append(Problem(row.file, row.line, reason))

    def _prose(self, row: Row) -> Prose:
        path = row.file.parent / self.name / f"{row.values[self.subject]}.{row.values['language']}.md"
        name = f"{self.name}/{path.name}"
        try:
            source = path.read_bytes().decode("utf-8-sig")
            return parse(unicodedata.normalize("NFC", source))
        except FileNotFoundError:
            raise RowError(f"{name} is missing: write it, or remove the row") from None
        except UnicodeDecodeError:
            raise RowError(f"{name} is not UTF-8: save it as UTF-8") from None
        except MarkdownError as error:
            raise RowError(f"{name}, {error}") from None

    def _section(self, language: str) -> Page:
        section = self.section.objects.filter(locale__language_code=language).order_by("path").first()
        if section is None:
            what = self.section._meta.verbose_name
            raise RowError(f"no {what} in language {language!r}: use en, fr or es, or make it")
        return section


def block(kind: str, value: Any) -> Block:
    return {"type": kind, "value": value}


def texts(prose: Prose) -> list[Block]:
    return [block("text", {"heading": heading, "text": text}) for heading, text in prose.sections]


def callouts(prose: Prose) -> list[Block]:
    return [block("callout", {"heading": heading, "text": text}) for heading, text in prose.callouts]


def in_order(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=cells.position)


def _date(value: str) -> str | None:
    try:
        return datetime.date.fromisoformat(value).isoformat() if value else None
    except ValueError:
        raise RowError(f"reviewed_on {value!r} is not a date: write it as 2026-11-25") from None


def _plain_body(page: Any) -> list[Block]:
    """Return the blocks as plain values that compare: without the ids that differ from loading to loading.

    A box that is not ticked says no more than one that is not there.
    """
    return [_plain(block) for block in page.body.get_prep_value()]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items() if name != "id" and inner is not False}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, str):
        return EDITOR_KEYS.sub("", value)
    return value if value is None or isinstance(value, int) else cells.shortest(value)
