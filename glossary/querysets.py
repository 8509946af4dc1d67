"""Which concepts a reader sees, and which of their language sections.

Public is a published concept, validated or deprecated, with a validated section; of it, only validated sections. Staff
also see what is in the making. What was withdrawn nobody sees.
"""

from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.audiences import audience_of
from glossary.choices import PUBLIC, WORDED, DesignationKind, State, TermStatus
from taxonomy.models import MAX_DEPTH


def _concepts(user: Any, prefix: str = "") -> Q:
    """Return the condition on concepts that `user` may see, if they have something to show."""
    if audience_of(user) == "staff":
        return Q(**{f"{prefix}live": True}) | Q(**{f"{prefix}first_published_at": None})
    return Q(**{f"{prefix}live": True, f"{prefix}status__in": PUBLIC})


def readable_states(user: Any) -> frozenset[str]:
    return WORDED if audience_of(user) == "staff" else frozenset({State.VALIDATED})


class ConceptQuerySet(models.QuerySet):
    """Concepts; `visible_to` is the only rule on who sees what."""

    def visible_to(self, user: Any) -> "ConceptQuerySet":
        sections = self.model.sections.rel.related_model.objects.filter(
            concept=OuterRef("pk"),
            state__in=readable_states(user),
            designations__status=TermStatus.PREFERRED,
            designations__kind=DesignationKind.FULL_FORM,
        )
        return self.filter(_concepts(user), Exists(sections))

    def about_theme(self, *slugs: str) -> "ConceptQuerySet":
        """Concepts of any of these themes or of the themes below them."""
        wanted = Q()
        for depth in range(MAX_DEPTH):
            wanted |= Q(**{f"theme__{'parent__' * depth}slug__in": slugs})
        rows = self.model.themes.through.objects.filter(wanted)
        return self.filter(pk__in=rows.values("concept"))

    def in_collection(self, *slugs: str) -> "ConceptQuerySet":
        rows = self.model.collections.through.objects.filter(collection__slug__in=slugs)
        return self.filter(pk__in=rows.values("concept"))


class DesignationQuerySet(models.QuerySet):
    def readable_by(self, user: Any) -> "DesignationQuerySet":
        """Designations in the sections that `user` may see."""
        return self.filter(_concepts(user, "section__concept__"), section__state__in=readable_states(user))

    def heads(self) -> "DesignationQuerySet":
        """Preferred full forms: under these a concept stands in the alphabet."""
        return self.filter(status=TermStatus.PREFERRED, kind=DesignationKind.FULL_FORM)

    def of_concepts(self, concepts: "ConceptQuerySet | Collection[int]") -> "DesignationQuerySet":
        return self.filter(section__concept__in=concepts)
