"""What the page of one resource shows."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.db.models import CharField, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.languages import language_name
from core.nine import states_of
from core.panels import actions_for
from library.choices import Role, Scheme
from library.citations import citation_html
from library.entries import byline
from library.metadata import address_of, resource_metadata
from library.models import Resource
from library.records import record_of
from links.related import groups
from taxonomy.models import Country, Theme

Values = list[tuple[str, str]]  # text and address, or ""
ROLES = {Role.AUTHOR: _("Author"), Role.ISSUER: _("Issued by"), Role.PUBLISHER: _("Publisher")}
NAMES = ("name_en", "name_fr", "name_es")


def fetch_topics(resource: Resource) -> None:
    """Fetch themes and countries in one statement, since both are rows of a code and three names."""
    themes = Theme.objects.filter(resources=resource).order_by()
    countries = Country.objects.filter(resources=resource).order_by()
    rows = themes.values_list(Value("theme", CharField()), "pk", "position", "slug", *NAMES).union(
        countries.values_list(Value("country", CharField()), "pk", Value(0), "iso3", *NAMES), all=True
    )
    found: dict[str, list[Any]] = {"theme": [], "country": []}
    for kind, pk, position, code, *names in rows:
        texts = dict(zip(NAMES, names, strict=True))
        topic = (
            Theme(pk=pk, position=position, slug=code, **texts)
            if kind == "theme"
            else Country(pk=pk, iso3=code, **texts)
        )
        found[kind].append(topic)
    resource.themes = sorted(found["theme"], key=lambda theme: (theme.position, theme.slug))
    resource.countries = sorted(found["country"], key=str)


def visible_editions(number: int, user: Any) -> list[Resource]:
    """Return the editions of a numbered resource's work that `user` may see."""
    return list(Resource.objects.visible_to(user).filter(work__editions__number=number).order_by("language"))


def page_context(resource: Resource, request: HttpRequest, editions: Sequence[Resource] = ()) -> dict[str, Any]:
    """Return the context of `library/resource.html`; a preview has no editions and nothing related."""
    record = record_of(resource, request.build_absolute_uri(permanent_address(resource)))
    themes = list(resource.themes.all())
    states = states_of(theme.slug for theme in themes)
    key = f"resource:{resource.pk}"
    return {
        "key": key,
        "metadata": resource_metadata(request, resource, record, editions, _byline(resource)),
        "resource": resource,
        "byline": _byline(resource),
        "lead_url": resource.url,
        "lead_host": (urlsplit(resource.url).hostname or "").removeprefix("www."),
        "editions": [
            (language_name(e.language), e.language, e.get_absolute_url(), e.pk == resource.pk)
            for e in editions
            if len(editions) > 1
        ],
        "parents": [(str(theme), theme_address(theme)) for theme in themes[:1]],
        "status": _status(resource),
        "checked": resource.checked,
        "draft": resource.is_new_draft,
        "record": list(_record(resource, themes)),
        "citation_html": citation_html(record),
        "cite_links": [(label, f"{permanent_address(resource)}.{form}") for label, form in FORMATS],
        "nine": states,
        "edge_states": states,
        "related": [(g.heading, g.items, g.total, g.url) for g in groups(key, request.user)] if resource.pk else [],
        "report_url": next((action.url for action in actions_for(key)), "") if resource.pk else "",
    }


FORMATS = (("RIS", "ris"), ("BibTeX", "bib"))


def permanent_address(resource: Resource) -> str:
    """Return the address to cite, without host. A preview of a new resource has no number yet."""
    return reverse("permanent:resource", args=[resource.number]) if resource.number else ""


def theme_address(theme: Theme) -> str:
    return reverse("themes:detail", args=[theme.slug])


def link_header(request: HttpRequest, resource: Resource, editions: Iterable[Resource]) -> str:
    """Return the Link header: the canonical address, the other languages' editions, the exports (RFC 8288)."""
    absolute = request.build_absolute_uri
    links = [f'<{absolute(address_of(resource))}>; rel="canonical"']
    links += [f'<{absolute(address_of(e))}>; rel="alternate"; hreflang="{e.language}"' for e in editions]
    original = next((e for e in editions if e.is_original), resource)
    links.append(f'<{absolute(address_of(original))}>; rel="alternate"; hreflang="x-default"')
    links.append(f'<{absolute(permanent_address(resource))}.ris>; rel="describedby"; type="{MEDIA_TYPES["ris"]}"')
    return ", ".join(links)


MEDIA_TYPES = {"ris": "application/x-research-info-systems", "bib": "application/x-bibtex"}


def _byline(resource: Resource) -> str:
    """Return who, where and when: "International Labour Office. Geneva, 2015."."""
    when = ", ".join(filter(None, (resource.place, resource.date[:4])))
    sentences = [text.removesuffix(".") for text in (byline(resource), when) if text]
    return ". ".join(sentences) + "." if sentences else ""


def _status(resource: Resource) -> str:
    changed = resource.last_published_at
    return gettext("Last changed %(day)s.") % {"day": date_format(changed, "DATE_FORMAT")} if changed else ""


def printed_date(resource: Resource) -> str:
    """Return the date as precise as it is known, in the reader's language."""
    if resource.published_on is None:
        return resource.date
    form = {4: "Y", 7: "YEAR_MONTH_FORMAT", 10: "DATE_FORMAT"}[len(resource.date)]
    return date_format(resource.published_on, form)


def _record(resource: Resource, themes: Sequence[Theme]) -> Iterator[tuple[str, Values]]:
    """Yield the rows of the record that say something."""
    rows: list[tuple[Any, Values]] = [*_who(resource)]
    number = resource.series_number
    if number in (identifier.raw for identifier in resource.identifiers.all()):
        number = ""  # an ILO instrument: its own row says it
    series = ", ".join(filter(None, (resource.series, number)))
    rows += [
        (_("Place"), [(resource.place, "")]),
        (_("Date"), [(printed_date(resource), "")]),
        (_("Series") if resource.series else _("Number"), [(series, "")]),
        (_("Pages"), [(resource.pages, "")]),
        (_("Language"), [(language_name(resource.language), "")]),
        *_identifiers(resource),
        (_("Themes"), [(str(theme), theme_address(theme)) for theme in themes]),
        (
            _("Countries"),
            [(str(c), reverse("countries:detail", args=[c.iso3.lower()])) for c in resource.countries.all()],
        ),
    ]
    for label, values in rows:
        if values := [(text, url) for text, url in values if text]:
            yield str(label), values


def _who(resource: Resource) -> Iterator[tuple[Any, Values]]:
    parts = list(resource.contributions.all())
    for role, label in ROLES.items():
        values = [(part.printed, part.agent.get_absolute_url()) for part in parts if part.role == role]
        if role == Role.AUTHOR and values and resource.authors_incomplete:
            values.append(("et al.", ""))
        yield label, values


def _identifiers(resource: Resource) -> Iterator[tuple[Any, Values]]:
    for identifier in resource.identifiers.all():
        url = f"https://doi.org/{identifier.normalised[4:]}" if identifier.scheme == Scheme.DOI else ""
        yield identifier.get_scheme_display(), [(identifier.raw, url)]
