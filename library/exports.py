"""Records for reference managers: RIS and BibTeX.

Zotero imports a RIS record of type GEN as a journal article, so none is ever written.
"""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import bibtexparser
import rispy
from bibtexparser.model import Entry, Field

from core.analysis import fold
from library.choices import ResourceType
from library.records import Record


class Kinds(NamedTuple):
    """What a type of resource is to RIS and to BibTeX."""

    ris: str
    bibtex: str


REPORT = Kinds("RPRT", "techreport")
KINDS = {
    ResourceType.ACTUARIAL_REPORT: REPORT,
    ResourceType.ARTICLE: Kinds("JOUR", "article"),
    ResourceType.BOOK: Kinds("BOOK", "book"),
    ResourceType.CASE_STUDY: REPORT,
    ResourceType.CHAPTER: Kinds("CHAP", "incollection"),
    ResourceType.CONFERENCE_PAPER: Kinds("CONF", "inproceedings"),
    ResourceType.DATASET: Kinds("DATA", "misc"),
    ResourceType.EVALUATION: REPORT,
    ResourceType.GUIDE: Kinds("RPRT", "manual"),
    ResourceType.INTERNATIONAL_INSTRUMENT: Kinds("STAT", "misc"),
    ResourceType.LEGISLATION: Kinds("STAT", "misc"),
    ResourceType.MULTIMEDIA: Kinds("VIDEO", "misc"),
    ResourceType.POLICY_BRIEF: REPORT,
    ResourceType.PRESENTATION: Kinds("SLIDE", "misc"),
    ResourceType.REPORT: REPORT,
    ResourceType.TOOL: Kinds("COMP", "misc"),
    ResourceType.TRAINING_MATERIAL: Kinds("RPRT", "misc"),
    ResourceType.WEB_RESOURCE: Kinds("ELEC", "misc"),
    ResourceType.WORKING_PAPER: REPORT,
}


# --- RIS: https://en.wikipedia.org/wiki/RIS_(file_format) -------------------------------------------------------------
class Writer(rispy.RisWriter):
    """Records one after the other, without numbers between them."""

    def set_header(self, count: int) -> str:
        return ""


def ris(records: Iterable[Record]) -> str:
    """Return the records as RIS: UTF-8 text, one line for each value. A body is an author without comma."""
    return rispy.dumps([_ris(record) for record in records], implementation=Writer)


def _ris(record: Record) -> dict[str, Any]:
    volume, issue = record.volume if record.type == ResourceType.ARTICLE else ("", record.series_number)
    first, last = record.page_range
    values: dict[str, Any] = {
        "type_of_reference": KINDS[ResourceType(record.type)].ris,
        "authors": list(record.persons or record.bodies),
        "title": record.title,
        "secondary_title": record.series,
        "year": record.year,
        "date": record.date.replace("-", "/"),
        "volume": volume,
        "number": issue,
        "start_page": first or record.pages,
        "end_page": last,
        "place_published": record.place,
        "publisher": "; ".join(record.publishers or (record.bodies if record.persons else ())),
        "issn": ", ".join(record.isbns),
        "doi": record.doi,
        "urls": [record.address.replace(";", "%3B")],  # readers split the line at semicolons
        "language": record.language,
        "abstract": record.abstract,
        "type_of_work": str(ResourceType(record.type).label) if KINDS[ResourceType(record.type)] == REPORT else "",
    }
    return {name: _line(value) for name, value in values.items() if value and value != [""]}


def _line(value: str | list[str]) -> str | list[str]:
    """Put a value on one line: a line break would begin a new tag."""
    return [" ".join(part.split()) for part in value] if isinstance(value, list) else " ".join(value.split())


# --- BibTeX -----------------------------------------------------------------------------------------------------------
# Braces must stay balanced, also those behind a backslash: BibTeX counts them.
ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "&%$#_"},
    }
)
CONTAINERS = {"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle"}
PUBLISHERS = {"techreport": "institution", "manual": "organization"}


def bibtex(records: Iterable[Record]) -> str:
    """Return the records as BibTeX in UTF-8; keys are unique, since they end in the record's number."""
    library = bibtexparser.Library([_bibtex(record) for record in records])
    return bibtexparser.write_string(library)


def _bibtex(record: Record) -> Entry:
    kind = KINDS[ResourceType(record.type)].bibtex
    volume, issue = record.volume if kind == "article" else ("", record.series_number)
    first, last = record.page_range
    publishers = record.publishers or (record.bodies if record.persons or kind in PUBLISHERS else ())
    values = {
        "author": _authors(record),
        "title": _escaped(record.title),
        CONTAINERS.get(kind, "series"): _escaped(record.series),
        "year": record.year,
        "volume": _escaped(volume),
        "number": _escaped(issue),
        "pages": _escaped(f"{first}--{last}" if first else record.pages),
        PUBLISHERS.get(kind, "publisher"): _escaped("; ".join(publishers)),
        "address": _escaped(record.place),
        "type": _escaped(str(ResourceType(record.type).label)) if kind == "techreport" else "",
        "isbn": _escaped(", ".join(record.isbns)),
        "doi": _address(record.doi),
        "url": _address(record.address),
        "language": _escaped(record.language),
    }
    return Entry(kind, key(record), [Field(name, value) for name, value in values.items() if value])


def key(record: Record) -> str:
    """Return the citation key: first name, year, number, in ASCII, as in ``ong2019-44``."""
    who = (*record.persons, *record.bodies, "anonymous")[0]
    name = re.sub(r"[^a-z0-9]", "", fold(who.partition(",")[0]))[:24] or "resource"
    return f"{name}{record.year}-{record.number}"


def _authors(record: Record) -> str:
    """Return the persons as they are; a body is braced, so that nothing splits it into first and last name."""
    persons = [_braced(name) if re.search(r"\band\b", name) else _escaped(name) for name in record.persons]
    if persons and record.more_persons:
        persons.append("others")
    return " and ".join(persons or [_braced(name) for name in record.bodies])


def _braced(text: str) -> str:
    return f"{{{_escaped(text)}}}"


def _escaped(text: str) -> str:
    return " ".join(text.split()).translate(ESCAPES)


def _address(text: str) -> str:
    """Return an address as it is, except for what would break the field."""
    for sign in "\\{}":
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text
