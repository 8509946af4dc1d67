"""`/sitemap.xml` and its parts (sitemaps.org 0.9): every public entry by its canonical address, with its editions.

A part holds the entries whose documents are numbered within one range, so an entry never moves to another part, and the
last part costs as much as the first.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.db.models import Case, F, Max, Q, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.answers import public_answer
from core.entries import registry
from core.metadata import address_in, canonical_address, in_all_languages
from gess.context import SECTIONS
from links.public import for_everybody
from sync.drain import before_read
from sync.models import Document

SIZE = 10_000  # numbers in one part; the protocol allows 50,000 addresses
MAX_AGE = 3600  # seconds that a proxy may keep it
LISTS = "list"  # the part of the pages that list entries
XML = "application/xml; charset=utf-8"
SCHEMA = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
XHTML = 'xmlns:xhtml="http://www.w3.org/1999/xhtml"'
FIELDS = ("number", "key", "language", "family", "route", "changed_at")
NAMED_ONLY = Q(summary="", text="")

Alternates = Sequence[tuple[str, str]]  # hreflang, address


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the parts."""
    before_read()
    first, *others = (_parts(source.kind) for source in registry)
    rows: list[tuple[str, int, datetime | None]] = [(LISTS, 1, None)]
    rows += first.union(*others, all=True).order_by("kind", "part")
    lines = (
        f"<sitemap><loc>{_absolute(request, reverse('sitemap', args=[kind, part]))}</loc>{_changed(when)}</sitemap>\n"
        for kind, part, when in rows
    )
    return _answer(request, f"<sitemapindex {SCHEMA}>\n", lines, "</sitemapindex>\n")


def _parts(kind: str) -> QuerySet:
    """Return kind, part and last change of each part that has an entry to list."""
    parts = for_everybody(kind).order_by().annotate(part=(F("number") - 1) / SIZE + 1).values("kind", "part")
    return parts.annotate(changed=Max("changed_at")).values_list("kind", "part", "changed")


@require_safe
def part(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """List the addresses of one part. Raises Http404 where there is none."""
    before_read()
    if kind == LISTS and number == 1:
        urls = list(_lists(request))
    else:
        urls = list(_entries(request, kind, number)) if kind in registry else []
    if not urls:
        raise Http404(f"There is no sitemap {kind}-{number}.")
    return _answer(request, f"<urlset {SCHEMA} {XHTML}>\n", urls, "</urlset>\n")


def _lists(request: HttpRequest) -> Iterator[str]:
    for name in ("home", *(name for name, _label in SECTIONS)):
        alternates = in_all_languages(request, [name])
        for code, _language in settings.LANGUAGES:
            yield _url(request.build_absolute_uri(address_in(code, [name])), None, alternates)


def _entries(request: HttpRequest, kind: str, number: int) -> Iterator[str]:
    """Yield the entries of a part with the other editions of their families: one statement."""
    documents = for_everybody(kind)
    here = documents.filter(number__gt=(number - 1) * SIZE, number__lte=number * SIZE)
    families: dict[str, dict[str, str]] = defaultdict(dict)
    shown: dict[str, Document] = {}
    told = documents.filter(family__in=here.values("family")).only(*FIELDS)
    told = told.annotate(named_only=Case(When(NAMED_ONLY, then=1), default=0)).order_by("number")
    for document in _with_own_page(told):
        address = request.build_absolute_uri(canonical_address(document.language, document.route))
        families[document.family][document.language] = address
        if (document.number - 1) // SIZE + 1 == number:
            shown[address] = document
    for address, document in shown.items():
        editions = families[document.family]
        yield _url(address, document.changed_at, sorted(editions.items()) if len(editions) > 1 else ())


def _with_own_page(documents: Iterable[Document]) -> list[Document]:
    """Leave out the mere name in a language where another language's page stands: its address is the canonical one."""
    documents = list(documents)
    told = {document.key for document in documents if not document.named_only}
    return [document for document in documents if not (document.named_only and document.key in told)]


def _url(address: str, when: datetime | None, alternates: Alternates) -> str:
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang={quoteattr(language)} href={quoteattr(url)}/>'
        for language, url in alternates
    )
    return f"<url><loc>{escape(address)}</loc>{_changed(when)}{links}</url>\n"


def _changed(when: datetime | None) -> str:
    return f"<lastmod>{when.isoformat(timespec='seconds')}</lastmod>" if when else ""


def _absolute(request: HttpRequest, address: str) -> str:
    return escape(request.build_absolute_uri(address))


def _answer(request: HttpRequest, start: str, lines: Iterable[str], end: str) -> HttpResponse:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n{start}{"".join(lines)}{end}'
    return public_answer(request, text.encode(), XML, MAX_AGE)
