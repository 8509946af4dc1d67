"""Schemes, collections, concepts and the relations between concepts (SKOS)."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, LockableMixin, Orderable, PreviewableMixin, RevisionMixin, WorkflowMixin

from accounts.audiences import audience_of, readable_by
from core import numbering
from core.entries import Audience
from glossary.choices import PUBLIC, WORDED, RelationKind, State, Status
from glossary.querysets import ConceptQuerySet
from taxonomy.models import Country, Named, Theme

DEFAULT_SCHEME = {"name_en": "GESS glossary", "name_fr": "Glossaire de GESS", "name_es": "Glosario de GESS"}


class ConceptScheme(Named):
    """A glossary. There is one, `gess`; others would be imported beside it."""

    slug = models.SlugField(_("slug"), max_length=60, unique=True)

    class Meta:
        verbose_name = _("concept scheme")
        verbose_name_plural = _("concept schemes")


def default_scheme() -> int:
    """Return the key of `gess`, made when the first concept needs it."""
    return ConceptScheme.objects.get_or_create(slug="gess", defaults=DEFAULT_SCHEME)[0].pk


class Collection(Named):
    """A subject field: an editors' list of concepts."""

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    themes = models.ManyToManyField(Theme, verbose_name=_("themes"), related_name="collections", blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("collection")
        verbose_name_plural = _("collections")


class Numbering(numbering.Numbering):
    """The highest number ever given to a concept."""

    numbered = "Concept"


class Concept(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel):
    """A unit of knowledge, the same in all languages: `term:<pk>`. Its number is what people cite."""

    number = models.PositiveIntegerField(_("number"), unique=True, editable=False)
    scheme = models.ForeignKey(
        ConceptScheme, on_delete=models.PROTECT, related_name="concepts", default=default_scheme, editable=False
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    reason = models.CharField(
        _("why it is deprecated"), max_length=400, blank=True, help_text=_("For a deprecated concept, in a sentence.")
    )
    replaced_by = models.ForeignKey(
        "self",
        verbose_name=_("replaced by"),
        on_delete=models.PROTECT,
        related_name="replaces",
        null=True,
        blank=True,
    )
    collections = ParentalManyToManyField(
        Collection, verbose_name=_("collections"), related_name="concepts", blank=True
    )
    themes = ParentalManyToManyField(Theme, verbose_name=_("themes"), related_name="concepts", blank=True)
    countries = ParentalManyToManyField(Country, verbose_name=_("countries"), related_name="concepts", blank=True)

    wagtail_reference_index_ignore = True  # deletion is guarded by a hook; the index would make loading slow
    objects = ConceptQuerySet.as_manager()
    page_context: ClassVar[Callable[["Concept", HttpRequest], dict[str, Any]]]  # set by the views: what the page shows

    class Meta:
        ordering = ["-number"]
        verbose_name = _("concept")
        verbose_name_plural = _("concepts")
        constraints = [models.CheckConstraint(condition=Q(status__in=Status.values), name="glossary_concept_status")]

    def __str__(self) -> str:
        """The headword in the reader's language, else in another: two queries, unless the parts were fetched."""
        heads = {section.language: head for section in self.sections.all() if (head := section.head)}
        head = heads.get(get_language() or "en") or heads.get("en") or next(iter(heads.values()), None)
        return str(head) if head else f"{_('Concept')} {self.number or ''}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Give a new concept its number; its parts are saved with it, all or none."""
        with transaction.atomic():
            Numbering.give(self)
            super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.status == Status.DEPRECATED and not (self.replaced_by_id or self.reason):
            raise ValidationError({"reason": _("Say why the concept is deprecated, or what replaces it.")})
        if self.replaced_by_id and self.replaced_by_id == self.pk:
            raise ValidationError({"replaced_by": _("A concept cannot replace itself.")})

    def get_absolute_url(self) -> str:
        return reverse("glossary:number", args=[self.number])

    def audience_of_section(self, section: Any) -> Audience | None:
        """Return who reads a section of this concept; None if nobody does, or if it has no headword."""
        if section.head is None or section.state not in WORDED:
            return None
        if self.live and self.status in PUBLIC and section.state == State.VALIDATED:
            return "public"
        return "staff" if self.live or self.first_published_at is None else None

    def is_visible_to(self, user: Any) -> bool:
        """The twin of `visible_to`."""
        readable = readable_by(audience_of(user))
        return any(self.audience_of_section(section) in readable for section in self.sections.all())

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "glossary/term.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        return {"request": request, **Concept.page_context(self, request)}


class ConceptRelation(Orderable):
    """What another concept is to this one. Broader is said by the narrower; `related` by either, and holds for both."""

    source = ParentalKey(Concept, on_delete=models.CASCADE, related_name="relations")
    target = models.ForeignKey(
        Concept, verbose_name=_("other concept"), on_delete=models.CASCADE, related_name="incoming"
    )
    kind = models.CharField(_("relation"), max_length=24, choices=RelationKind, default=RelationKind.BROADER_GENERIC)

    class Meta(Orderable.Meta):
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        constraints = [
            models.UniqueConstraint(fields=["source", "target"], name="glossary_relation_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="glossary_relation_other"),
            models.CheckConstraint(condition=Q(kind__in=RelationKind.values), name="glossary_relation_kind"),
        ]
