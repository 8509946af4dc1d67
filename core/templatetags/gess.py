"""Tags and filters of the public pages: the marks of the nine branches, and names of languages."""

import re
from collections.abc import Iterable, Mapping

from django import template
from django.forms import BoundField, CheckboxInput
from django.utils.formats import number_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from core import nine as marks
from core.languages import direction, language_name
from core.panels import leads_from

ADDRESS_AS_TEXT = re.compile(r'(<a href="https?://(?:www\.)?([^/"?#]+)[^"]*">)https?://[^<]*(?=</a>)')
BEFORE_PER_CENT = re.compile(r"(?<=\d) (?=%)")

register = template.Library()
register.filter("named_language", language_name)  # Django has a `language_name` of its own, in English only
register.filter("text_direction", direction)


@register.simple_tag
def nine(states: Mapping[str, str] | None, label: str = "") -> SafeString:
    """The small mark of the nine branches; nothing when ``states`` is empty."""
    return marks.svg(states or {}, label)


@register.simple_tag
def nine_edge(states: Mapping[str, str] | None) -> SafeString:
    """The teeth that hang from the band."""
    return marks.edge_svg(states or {})


@register.inclusion_tag("components/nine_named.html")
def nine_named(items: Iterable[tuple[str, str, str, int | None, str | None]]) -> dict[str, object]:
    """The nine with their names, from rows of (slug, label, state, count or None, address or None)."""
    return {
        "teeth": [
            {"label": label, "state": state, "says": marks.STATE_LABELS.get(state, ""), "count": count, "url": url}
            for _slug, label, state, count, url in items
        ]
    }


@register.simple_tag
def leads(key: str) -> SafeString:
    """The ways on from an entry, as links; nothing where nobody offers one."""
    links = ((lead.url, lead.label) for lead in leads_from(key))
    return format_html_join("", '<a class="more" href="{}">{}</a>', links)


@register.filter
def cut_start(label: str, start: str) -> str:
    """What follows ``start`` in ``label``: "glish" of "English" after "En"; "" if the label starts otherwise."""
    return label[len(start) :] if label.startswith(start) else ""


@register.filter
def is_tick(field: BoundField) -> bool:
    """Whether a form field is one box to tick, whose label stands after it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.simple_tag
def sources_of(rows: Iterable[Mapping[str, str]]) -> list[tuple[str, str]]:
    """The sources that the rows of a table name, as (source, address or ""), each once, in their order."""
    return list(dict.fromkeys((row["source"], row.get("source_url") or "") for row in rows if row.get("source")))


@register.simple_tag
def nine_names(states: Mapping[str, str]) -> str:
    """The names of the branches of a mark: "Old age, Maternity"."""
    return marks.names(states)


@register.filter
def number(value: int) -> str:
    """A count as the interface writes it: 1,027; 1 027; 1.027."""
    return number_format(value, force_grouping=True)


@register.filter
def set_type(html: str) -> SafeString:
    """Rich text as it is set: a per cent sign stays with its number, and a link named by its address shows the host."""
    return mark_safe(BEFORE_PER_CENT.sub("\u00a0", ADDRESS_AS_TEXT.sub(r"\1\2", str(html))))  # as safe as it came
