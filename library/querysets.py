"""Which resources a reader sees, and the ways to narrow them down."""

from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import F, Q, Value, Window
from django.db.models.functions import RowNumber

from accounts.audiences import audience_of
from taxonomy.models import MAX_DEPTH


class ResourceQuerySet(models.QuerySet):
    """Resources; `visible_to` is the only rule on who sees what."""

    def visible_to(self, user: Any) -> "ResourceQuerySet":
        """Published resources; staff also find those that were never published. What was withdrawn nobody sees here."""
        if audience_of(user) == "staff":
            return self.filter(Q(live=True) | Q(first_published_at=None))
        return self.filter(live=True)

    def of_types(self, types: Collection[str]) -> "ResourceQuerySet":
        return self.filter(type__in=types)

    def in_languages(self, languages: Collection[str]) -> "ResourceQuerySet":
        return self.filter(language__in=languages)

    def about_country(self, *iso3: str) -> "ResourceQuerySet":
        """Resources about any of these countries."""
        rows = self.model.countries.through.objects.filter(country__iso3__in=iso3)
        return self.filter(pk__in=rows.values("resource"))

    def about_theme(self, *slugs: str) -> "ResourceQuerySet":
        """Resources about any of these themes or of the themes below them."""
        wanted = Q()
        for depth in range(MAX_DEPTH):
            wanted |= Q(**{f"theme__{'parent__' * depth}slug__in": slugs})
        rows = self.model.themes.through.objects.filter(wanted)
        return self.filter(pk__in=rows.values("resource"))

    def published_between(self, first: int | None, last: int | None) -> "ResourceQuerySet":
        """Resources of these years, both included; a resource without a year is of none."""
        found = self.filter(year__gte=first) if first is not None else self
        return found.filter(year__lte=last) if last is not None else found

    def by_agent(self, agent: Any) -> "ResourceQuerySet":
        """Resources that the agent wrote, issued or published."""
        rows = self.model.contributions.rel.related_model.objects.filter(agent=agent)
        return self.filter(pk__in=rows.values("resource"))

    def one_per_work(self, language: str) -> "ResourceQuerySet":
        """Of each work that is left, one edition: in this language, else the original, else in English."""
        preference = models.Case(
            models.When(language=language, then=Value(0)),
            models.When(is_original=True, then=Value(1)),
            models.When(language="en", then=Value(2)),
            default=Value(3),
            output_field=models.IntegerField(),
        )
        rank = Window(RowNumber(), partition_by=F("work"), order_by=[preference, F("number").asc()])
        chosen = self.order_by().annotate(rank=rank).filter(rank=1)
        return self.model.objects.filter(pk__in=chosen.values("pk"))
