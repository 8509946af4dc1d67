"""A resource as reference managers and citations see it: plain values, without the database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from library.choices import ResourceType, Role, Scheme
from library.models import Resource


@dataclass(frozen=True)
class Record:
    """What is cited. Persons are printed as "Family, Given"; `bodies` answer for it where no person is named."""

    number: int
    type: str
    title: str  # with its subtitle
    language: str
    address: str  # where a reader finds it: the work's own page, else the permanent address here
    persons: tuple[str, ...] = ()
    more_persons: bool = False
    bodies: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    date: str = ""  # EDTF: 2019, 2019-11 or 2019-11-25
    place: str = ""
    series: str = ""
    series_number: str = ""
    pages: str = ""
    abstract: str = ""
    isbns: tuple[str, ...] = ()
    doi: str = ""  # without scheme

    @property
    def year(self) -> str:
        return self.date[:4]

    @property
    def volume(self) -> tuple[str, str]:
        """Volume and issue of a number such as 70(1); another number is a volume alone."""
        match = re.fullmatch(r"([0-9]+) ?\(([^()]+)\)", self.series_number)
        return (match[1], match[2]) if match else (self.series_number, "")

    @property
    def page_range(self) -> tuple[str, str]:
        """First and last page of a range such as 167-183 or 331–48; an extent is no range."""
        first, dash, last = self.pages.replace("–", "-").partition("-")
        return (first.strip(), last.strip()) if dash else ("", "")


def record_of(resource: Resource, address: str) -> Record:
    """Return the record of a resource, with our permanent `address` where it has none of its own."""
    names: dict[str, tuple[str, ...]] = {
        role: tuple(part.printed for part in resource.contributions.all() if part.role == role) for role in Role
    }
    identifiers: Mapping[str, list] = {
        scheme: [i for i in resource.identifiers.all() if i.scheme == scheme] for scheme in Scheme
    }
    return Record(
        number=resource.number,
        type=ResourceType(resource.type).value,
        title=resource.full_title,
        language=resource.language,
        address=resource.url or address,
        persons=names[Role.AUTHOR],
        more_persons=resource.authors_incomplete,
        bodies=names[Role.ISSUER],
        publishers=names[Role.PUBLISHER],
        date=resource.date,
        place=resource.place,
        series=resource.series,
        series_number=resource.series_number,
        pages=resource.pages,
        abstract=resource.abstract,
        isbns=tuple(identifier.raw for identifier in identifiers[Scheme.ISBN]),
        doi=next((i.normalised.removeprefix("doi:") for i in identifiers[Scheme.DOI]), ""),
    )
