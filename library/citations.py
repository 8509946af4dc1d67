"""The author-date citation of a record, as text and as HTML."""

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from library.choices import ResourceType
from library.records import Record

NAMED = 10  # persons; of more, the first ten are named and the rest are "et al."
INSIDE = {ResourceType.ARTICLE, ResourceType.CHAPTER, ResourceType.CONFERENCE_PAPER}  # titles in quotation marks
ENDS = ".?!…。؟"


class Piece(NamedTuple):
    """A sentence of a citation; a title of its own stands in italics."""

    text: str
    italic: bool = False


def citation_text(record: Record) -> str:
    return " ".join(_closed(piece.text) for piece in pieces(record))


def citation_html(record: Record) -> SafeString:
    """Return the citation with its title in italics; all that people wrote is escaped."""
    return format_html_join(" ", "{}", ((_html(piece),) for piece in pieces(record)))


def _html(piece: Piece) -> SafeString:
    closed = _closed(piece.text)
    if not piece.italic:
        return format_html("{}", closed)
    return format_html("<i>{}</i>{}", piece.text, closed[len(piece.text) :])


def pieces(record: Record) -> Iterator[Piece]:
    """Yield the sentences: who, year, title, where it stands, place and publisher, identifiers."""
    who = names(record)
    year = record.year or pgettext("no date", "n.d.")
    inside = record.type in INSIDE
    title = Piece(f"“{record.title}”" if inside else record.title, italic=not inside)
    yield from ([Piece(who), Piece(year), title] if who else [title, Piece(year)])
    yield from _container(record)
    publishers = "; ".join(record.publishers)
    if place := ": ".join(filter(None, (record.place, publishers if publishers != who else ""))):
        yield Piece(place)
    if record.isbns:
        yield Piece(f"ISBN {', '.join(record.isbns)}")
    if record.doi:
        yield Piece(f"https://doi.org/{record.doi}")
    elif record.address:
        yield Piece(record.address)


def names(record: Record) -> str:
    """Return who answers for the record: persons, else bodies, else nobody."""
    if not record.persons:
        return "; ".join(record.bodies)
    shown = list(record.persons[:NAMED])
    if record.more_persons or len(record.persons) > NAMED:
        shown.append("et al.")
    return "; ".join(shown)


def _container(record: Record) -> Iterator[Piece]:
    """Yield the journal, book or series with number and pages."""
    first, last = record.page_range
    pages = f"{first}–{last}" if first else ""
    if record.type == ResourceType.ARTICLE:
        where = " ".join(filter(None, (record.series, record.series_number)))
        if text := ": ".join(filter(None, (where, pages))):
            yield Piece(text)
        return
    if record.series and record.type in INSIDE:
        where = gettext("In %(book)s") % {"book": record.series}
    else:
        where = record.series
    where = " ".join(filter(None, (where, record.series_number)))
    if pages:
        where = ", ".join(filter(None, (where, gettext("pp. %(pages)s") % {"pages": pages})))
    if where:
        yield Piece(where)


def _closed(text: str) -> str:
    """Return the sentence with its full stop; an address or a DOI gets none, since it would be copied with it."""
    if text.startswith(("https://", "http://")) or text.rstrip("”")[-1:] in ENDS:
        return text
    return f"{text[:-1]}.”" if text.endswith("”") else f"{text}."
