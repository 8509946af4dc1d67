"""Resources as the rows of lists."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from core.languages import language_name
from core.presentation import Item
from library.entries import entry, fetch_parts
from library.models import Resource
from sync.presentation import item


def items_of(resources: Sequence[Resource], user: Any) -> list[Item]:
    """Return one item for each resource, with its year and its work's other editions: three statements for all."""
    fetch_parts(resources, "themes")
    works = [resource.work_id for resource in resources]
    editions = defaultdict(list)
    for edition in (
        Resource.objects.visible_to(user)
        .filter(work__in=works)
        .order_by("language")
        .only("number", "language", "work_id")
    ):
        editions[edition.work_id].append(edition)
    return [_item(resource, editions[resource.work_id]) for resource in resources]


def _item(resource: Resource, editions: Sequence[Resource]) -> Item:
    row = item(entry(resource, [theme.slug for theme in resource.themes.all()]))
    others = [
        (language_name(edition.language), edition.language, edition.get_absolute_url())
        for edition in editions
        if edition.pk != resource.pk
    ]
    year = [str(resource.year)] if resource.year else []
    return replace(row, metadata=[*row.metadata, *year], editions=others)
