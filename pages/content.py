"""Loads the country pages: a page with its figures, schemes, events and prose is one row, whole or not at all."""

import datetime
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.loading import Loader, Problem, Report, Row, RowError, read_csv, register
from pages import cells
from pages.markdown import MarkdownError, Prose, parse
from pages.models import CountryIndexPage, CountryPage, Scheme
from taxonomy.models import Country

PAGES = "country_pages.csv"
SOURCE = ("source", "source_url", "year")
# The tables that belong to pages: their columns, and whether their rows are of one edition or of all of a country.
TABLES = {
    "country_figures.csv": ("iso3", "language", "position", "value", "unit", "label", *SOURCE),
    "country_schemes.csv": (
        *("iso3", "position", "branches", "state", "programmes", "first_law", "laws"),
        *("worker_rate", "employer_rate", "age_men", "age_women", "note"),
        *SOURCE,
    ),
    "country_reforms.csv": ("iso3", "language", "position", "text", *SOURCE),
}
SCHEME_FIELDS = ("branches", "state", "programmes", "first_law", "laws", "note", "source", "source_url", "year")
SCHEME_NUMBERS = ("worker_rate", "employer_rate", "age_men", "age_women")
EDITOR_KEYS = re.compile(r' data-block-key="[^"]*"')  # the editor adds them to paragraphs when it saves


@register
class CountryPageLoader(Loader):
    """Country pages by "SEN:en". A page with unpublished changes counts as edited."""

    name = "country_pages"
    order = 40
    columns = ("iso3", "language", "title", "lead", "reviewed_on", "reviewed_by")

    def rows(self, folder: Path, report: Report) -> Iterator[Row]:
        pages = list(read_csv(folder / PAGES, self.columns, lambda v: f"{v['iso3']}:{v['language']}", report))
        unreadable, parts = [], {}
        for name, columns in TABLES.items():
            before = len(report.problems)
            parts[name] = _grouped(folder / name, columns, report)
            if len(report.problems) > before:
                unreadable.append(name)
        _report_orphans(pages, parts, report)
        for row in pages:
            row.values["unreadable"] = unreadable
            for name, groups in parts.items():
                row.values[name] = groups.get(_owner(name, row.values), [])
            yield row

    def wanted(self, row: Row) -> dict[str, Any]:
        values = row.values
        if values["unreadable"]:
            tables = ", ".join(values["unreadable"])
            raise RowError(f"not loaded, since rows of {tables} cannot be read: correct them first")
        if not Country.objects.filter(iso3=values["iso3"]).exists():
            raise RowError(f"iso3 {values['iso3']!r} is no country of countries.csv: write its alpha-3 code, as SEN")
        schemes = [cells.scheme(part) for part in _in_order(values["country_schemes.csv"])]
        body = _body(row, has_schemes=bool(schemes))
        return {
            **{name: values[name] for name in ("iso3", "language", "title", "lead", "reviewed_by")},
            "reviewed_on": _date(values["reviewed_on"]),
            "body": _plain_body(CountryPage(body=body)),
            "schemes": schemes,
            "unpublished changes": False,
        }

    def present(self) -> dict[str, CountryPage]:
        pages = CountryPage.objects.filter(alias_of=None).select_related("country").prefetch_related("schemes")
        return {f"{page.country.iso3}:{page.language}": page for page in pages}

    def state(self, obj: CountryPage) -> dict[str, Any]:
        return {
            "iso3": obj.country.iso3,
            **{name: getattr(obj, name) for name in ("language", "title", "lead", "reviewed_by")},
            "reviewed_on": obj.reviewed_on.isoformat() if obj.reviewed_on else None,
            "body": _plain_body(obj),
            "schemes": [_plain_scheme(scheme) for scheme in obj.schemes.all()],
            "unpublished changes": obj.has_unpublished_changes or not obj.live,
        }

    def save(self, key: str, wanted: dict[str, Any], obj: CountryPage | None) -> None:
        page = obj or CountryPage(country=Country.objects.get(iso3=wanted["iso3"]), slug=wanted["iso3"].lower())
        for name in ("title", "lead", "reviewed_on", "reviewed_by", "body"):
            setattr(page, name, wanted[name])
        page.schemes = [Scheme(sort_order=number, **fields) for number, fields in enumerate(wanted["schemes"], start=1)]
        for scheme in page.schemes.all():
            scheme.full_clean(exclude=["page"])
        if obj is None:
            _section(wanted["language"]).add_child(instance=page)
        page.save_revision().publish()


def _grouped(path: Path, columns: tuple[str, ...], report: Report) -> dict[str, list[Row]]:
    """Return the rows of a table by the page or country that they belong to."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in read_csv(path, columns, lambda v: f"{_owner(path.name, v)}:{v['position']}", report):
        groups[_owner(path.name, row.values)].append(row)
    return groups


def _owner(table: str, values: dict[str, str]) -> str:
    return f"{values['iso3']}:{values['language']}" if "language" in TABLES[table] else values["iso3"]


def _report_orphans(pages: list[Row], parts: dict[str, dict[str, list[Row]]], report: Report) -> None:
    """Report rows of pages that do not exist: one problem for each page and table."""
    for name, groups in parts.items():
        for owner in set(groups) - {_owner(name, page.values) for page in pages}:
            row = groups[owner][0]
            reason = f"{owner} has no row in {PAGES}: add one, or remove this row"
            report.problems.append(Problem(row.file, row.line, reason))


def _body(row: Row, has_schemes: bool) -> list[dict[str, Any]]:
    """Return the blocks of a page in the order in which it shows them."""
    prose = _prose(row.file.parent / "country_pages" / f"{row.values['iso3']}.{row.values['language']}.md")
    figures = [cells.figure(part) for part in _in_order(row.values["country_figures.csv"])]
    events = [cells.event(part) for part in _in_order(row.values["country_reforms.csv"])]
    return [
        *([_block("key_figures", {"figures": figures})] if figures else []),
        *([_block("scheme_table", None)] if has_schemes else []),
        *(_block("text", {"heading": heading, "text": text}) for heading, text in prose.sections),
        *([_block("timeline", {"events": events})] if events else []),
        *(_block("callout", {"heading": heading, "text": text}) for heading, text in prose.callouts),
    ]


def _block(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "value": value}


def _in_order(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=cells.position)


def _prose(path: Path) -> Prose:
    try:
        source = path.read_bytes().decode("utf-8-sig")
        return parse(unicodedata.normalize("NFC", source))
    except FileNotFoundError:
        raise RowError(f"country_pages/{path.name} is missing: write it, or remove the row") from None
    except UnicodeDecodeError:
        raise RowError(f"country_pages/{path.name} is not UTF-8: save it as UTF-8") from None
    except MarkdownError as error:
        raise RowError(f"country_pages/{path.name}, {error}") from None


def _date(value: str) -> str | None:
    try:
        return datetime.date.fromisoformat(value).isoformat() if value else None
    except ValueError:
        raise RowError(f"reviewed_on {value!r} is not a date: write it as 2026-11-25") from None


def _section(language: str) -> CountryIndexPage:
    section = CountryIndexPage.objects.filter(locale__language_code=language).order_by("path").first()
    if section is None:
        raise RowError(f"no section of countries in language {language!r}: use en, fr or es, or make the section")
    return section


def _plain_body(page: CountryPage) -> list[dict[str, Any]]:
    """Return the blocks as plain values that compare: without the ids that differ from loading to loading."""
    return [_plain(block) for block in page.body.get_prep_value()]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items() if name != "id"}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, str):
        return EDITOR_KEYS.sub("", value)
    return value if value is None or isinstance(value, int) else cells.shortest(value)


def _plain_scheme(scheme: Scheme) -> dict[str, Any]:
    numbers = {name: getattr(scheme, name) for name in SCHEME_NUMBERS}
    return {
        **{name: getattr(scheme, name) for name in SCHEME_FIELDS},
        **{name: None if value is None else cells.shortest(value) for name, value in numbers.items()},
    }
