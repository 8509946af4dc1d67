"""What a concept is called and means in one language."""

from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from glossary.choices import (
    DesignationKind,
    Gender,
    GrammaticalNumber,
    LinkMode,
    Origin,
    PartOfSpeech,
    State,
    TermStatus,
)
from glossary.collation import initial, sort_key
from glossary.models.concepts import Concept, ConceptScheme
from glossary.querysets import DesignationQuerySet

HEAD = {"status": TermStatus.PREFERRED, "kind": DesignationKind.FULL_FORM}


class LanguageSection(Orderable, ClusterableModel):
    """A concept in one language: one row of its page, one entry of the index."""

    concept = ParentalKey(Concept, on_delete=models.CASCADE, related_name="sections")
    language = models.CharField(_("language"), max_length=35, choices=settings.LANGUAGES)
    state = models.CharField(_("state"), max_length=13, choices=State, default=State.DRAFT)
    definition = models.TextField(
        _("definition"), blank=True, help_text=_("One sentence, without an article or a capital first, no full stop.")
    )
    definition_source = models.CharField(
        _("source of the definition"),
        max_length=400,
        blank=True,
        help_text=_("Who wrote it, when, after what. A validated definition needs it."),
    )
    definition_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    note = models.TextField(_("note"), blank=True)
    example = models.TextField(_("example"), blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("language")
        verbose_name_plural = _("languages")
        constraints = [
            models.UniqueConstraint(fields=["concept", "language"], name="glossary_section_language"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="glossary_section_state"),
            models.CheckConstraint(
                condition=~Q(state=State.VALIDATED) | (~Q(definition="") & ~Q(definition_source="")),
                name="glossary_section_validated",
                violation_error_message=_("A validated section needs a definition and its source."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.head or self.concept_id} ({self.language})"

    @property
    def head(self) -> "Designation | None":
        """The preferred full form, that without a region first."""
        heads = [part for part in self.designations.all() if part.is_head]
        return min(heads, key=lambda part: part.region, default=None)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the section with its designations, so that a form may pass its preference on to another one.

        What is preferred no longer is saved first: the database allows only one at any moment.
        """
        with transaction.atomic():
            if self.pk:
                kept = [part.pk for part in self.designations.all() if part.is_head]
                demoted = Designation.objects.filter(section=self, **HEAD).exclude(pk__in=kept)
                demoted.update(status=TermStatus.ADMITTED)
            super().save(*args, **kwargs)


class Designation(Orderable, ClusterableModel):
    """A word or phrase for a concept in one language."""

    section = ParentalKey(LanguageSection, on_delete=models.CASCADE, related_name="designations")
    text = models.CharField(_("term"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=DesignationKind, default=DesignationKind.FULL_FORM)
    status = models.CharField(_("status"), max_length=10, choices=TermStatus, default=TermStatus.PREFERRED)
    pos = models.CharField(_("part of speech"), max_length=9, choices=PartOfSpeech, default=PartOfSpeech.NOUN)
    gender = models.CharField(_("gender"), max_length=1, choices=Gender, blank=True)
    number = models.CharField(
        _("grammatical number"), max_length=8, choices=GrammaticalNumber, default=GrammaticalNumber.SINGULAR
    )
    region = models.CharField(
        _("region"),
        max_length=2,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{2}\Z", _("Write the country as two capital letters: MX."))],
        help_text=_("Only where the word is used in one country: ISO 3166-1 alpha-2."),
    )
    qualifier = models.CharField(
        _("qualifier"),
        max_length=80,
        blank=True,
        help_text=_("Tells two equal terms apart; shown in brackets, never looked for in texts."),
    )
    context = models.CharField(_("context"), max_length=400, blank=True, help_text=_("A text in which it occurs."))
    source = models.CharField(_("source of the context"), max_length=400, blank=True)
    link_mode = models.CharField(_("link"), max_length=14, choices=LinkMode, default=LinkMode.ALWAYS)
    reason = models.CharField(_("why to avoid it"), max_length=400, blank=True)
    replaced_by = models.ForeignKey(
        Concept,
        verbose_name=_("say instead"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        help_text=_("Only where another concept is meant."),
    )
    # Repeated from the section and the concept, or computed from the text, so that the database can compare and sort.
    scheme = models.ForeignKey(ConceptScheme, on_delete=models.PROTECT, related_name="+", editable=False)
    language = models.CharField(max_length=35, editable=False)
    text_key = models.CharField(max_length=200, editable=False)
    sort_key = models.CharField(max_length=2000, editable=False)
    initial = models.CharField(max_length=4, editable=False)

    objects = DesignationQuerySet.as_manager()

    class Meta(Orderable.Meta):
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        constraints = [
            models.UniqueConstraint(
                fields=["section", "region"], condition=Q(**HEAD), name="glossary_designation_one_preferred"
            ),
            models.UniqueConstraint(
                fields=["scheme", "language", "text_key", "qualifier"],
                condition=Q(status=TermStatus.PREFERRED),
                name="glossary_designation_homonym",
            ),
            models.CheckConstraint(condition=Q(kind__in=DesignationKind.values), name="glossary_designation_kind"),
            models.CheckConstraint(condition=Q(status__in=TermStatus.values), name="glossary_designation_status"),
            models.CheckConstraint(condition=Q(link_mode__in=LinkMode.values), name="glossary_designation_mode"),
        ]
        indexes = [models.Index(fields=["language", "initial"], name="glossary_designation_letter")]

    def __str__(self) -> str:
        return f"{self.text} ({self.qualifier})" if self.qualifier else self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.language = self.section.language
        self.scheme_id = self.section.concept.scheme_id
        self.text_key = text_key(self.text)
        self.sort_key = sort_key(self.text, self.language)
        self.initial = initial(self.text, self.language)
        super().save(*args, **kwargs)

    @property
    def is_head(self) -> bool:
        return self.status == TermStatus.PREFERRED and self.kind == DesignationKind.FULL_FORM

    @property
    def slug(self) -> str:
        """What stands before the number in the address; for people, the number decides."""
        return slugify(self.text) or "term"


def text_key(text: str) -> str:
    """Return the text as homonyms are compared: without differences of case and white space."""
    return " ".join(text.casefold().split())


class SurfaceForm(Orderable):
    """An inflected form by which texts mention the designation: a plural, a feminine."""

    designation = ParentalKey(Designation, on_delete=models.CASCADE, related_name="forms")
    text = models.CharField(_("form"), max_length=200)
    origin = models.CharField(_("origin"), max_length=6, choices=Origin, default=Origin.EDITOR)
    enabled = models.BooleanField(_("in use"), default=True)

    class Meta(Orderable.Meta):
        verbose_name = _("inflected form")
        verbose_name_plural = _("inflected forms")
        constraints = [
            models.UniqueConstraint(fields=["designation", "text"], name="glossary_form_once"),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="glossary_form_origin"),
        ]
