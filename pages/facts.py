"""The facts of a page as readers, search and API get them."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.nine import BRANCHES, LABELS
from core.text import plain_text
from pages.models import PROGRAMMES, CountryPage, Edition, Scheme


def number(value: Decimal | None, unit: str = "") -> str:
    """Return a number as the reader's language writes it, without trailing zeros; "" for none."""
    if value is None:
        return ""
    whole = value == value.to_integral_value()
    written = number_format(value.quantize(Decimal(1)) if whole else value.normalize())
    return f"{written}\u00a0{unit}" if unit else written


def scheme_row(scheme: Scheme) -> dict[str, Any]:
    """Return one row of the scheme table, in the active language."""
    return {
        "branch_labels": [str(LABELS[branch]) for branch in scheme.branches],
        "nine": dict.fromkeys(scheme.branches, scheme.state),
        "programmes": ", ".join(str(PROGRAMMES[code]) for code in scheme.programmes),
        "first_law": str(scheme.first_law or ""),
        "laws": scheme.laws,
        "worker": number(scheme.worker_rate, "%"),
        "employer": number(scheme.employer_rate, "%"),
        "age": _ages(scheme),
        "as_of": str(scheme.year),
        "note": scheme.note,
        "source": scheme.source,
        "source_url": scheme.source_url,
    }


def _ages(scheme: Scheme) -> str:
    men, women = number(scheme.age_men), number(scheme.age_women)
    if men == women:
        return men
    ages = [_("%(age)s (men)") % {"age": men}] if men else []
    return ", ".join(ages + ([_("%(age)s (women)") % {"age": women}] if women else []))


def not_recorded(schemes: Iterable[Scheme]) -> list[str]:
    """Return the names of the branches that no scheme is about."""
    recorded = {branch for scheme in schemes for branch in scheme.branches}
    return [str(LABELS[branch]) for branch in BRANCHES if branch not in recorded]


def children(page: Edition, block_type: str, name: str) -> list[Any]:
    """Return the figures or events of all blocks of a type."""
    return [child for block in page.body if block.block_type == block_type for child in block.value[name]]


def figure_years(page: Edition) -> list[int]:
    """Return the years that the page's figures are of, without repetition, earliest first."""
    return sorted({figure["year"] for figure in children(page, "key_figures", "figures") if figure["year"]})


def country_years(page: CountryPage) -> list[int]:
    """Return the years that the page's figures and schemes are of, without repetition, earliest first."""
    return sorted({*figure_years(page), *(scheme.year for scheme in page.schemes.all())})


def page_text(page: Edition) -> str:
    """Return all that the body says as plain text."""
    return "\n".join(filter(None, (line for block in page.body for line in _block_lines(block))))


def country_text(page: CountryPage) -> str:
    """Return all that the page says as plain text, labels in the active language."""
    lines = [page_text(page)]
    for scheme in page.schemes.all():
        row = scheme_row(scheme)
        lines.append(", ".join([*row["branch_labels"], *filter(None, (row["programmes"], row["note"], row["source"]))]))
    return "\n".join(filter(None, lines))


def _block_lines(block: Any) -> Iterator[str]:
    value = block.value
    if block.block_type in ("text", "callout"):
        yield value["heading"]
        yield plain_text(value["text"].source)
    elif block.block_type == "key_figures":
        for figure in value["figures"]:
            yield f"{figure['value']} {figure['unit']} {figure['label']} ({figure['source']}, {figure['year']})"
    elif block.block_type == "timeline":
        for event in value["events"]:
            yield f"{event['year']} {event['text']} ({event['source']})"
