"""Works and their language editions, the resources."""

import contextlib
from collections.abc import Callable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin, WorkflowMixin

from accounts.audiences import audience_of
from core import numbering
from library.choices import ResourceType
from library.models.agents import sort_key
from library.querysets import ResourceQuerySet
from library.validators import earliest_day, validate_date, validate_language


class Work(models.Model):
    """What the language editions of one publication share. It says nothing about them: the editions do."""

    key = models.CharField(
        _("key"),
        max_length=80,
        blank=True,
        help_text=_("A short name for editors, such as the number of an ILO instrument. May stay empty."),
    )

    class Meta:
        verbose_name = _("work")
        verbose_name_plural = _("works")
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                condition=~Q(key=""),
                name="library_work_key",
                violation_error_message=_("Another work has this key."),
            )
        ]

    def __str__(self) -> str:
        """The key and the title of the first edition: one query, unless the editions were fetched before."""
        first = min(self.editions.all(), key=lambda edition: edition.number, default=None)
        title = first.title if first else str(_("Work without editions"))
        return f"{title} ({self.key})" if self.key else title


class Numbering(numbering.Numbering):
    """The highest number ever given to a resource."""

    numbered = "Resource"


class Resource(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel):
    """One language edition of a work: one landing page, one citation. It is public while it is published."""

    number = models.PositiveIntegerField(_("number"), unique=True, editable=False)
    work = models.ForeignKey(
        Work,
        verbose_name=_("work"),
        on_delete=models.PROTECT,
        related_name="editions",
        blank=True,
        help_text=_("Choose the work if another language edition of it is here already; else leave it empty."),
    )
    language = models.CharField(
        _("language"),
        max_length=35,
        validators=[validate_language],
        help_text=_("Of this edition, as a BCP 47 tag: en, fr, es, pt-BR."),
    )
    is_original = models.BooleanField(_("original edition"), default=False)
    type = models.CharField(_("type"), max_length=30, choices=ResourceType)

    title = models.CharField(_("title"), max_length=1000)
    subtitle = models.CharField(_("subtitle"), max_length=1000, blank=True)
    abstract = models.TextField(_("summary"), blank=True, help_text=_("Plain text."))
    authors_incomplete = models.BooleanField(
        _("further authors"), default=False, help_text=_("The source ends its list of authors with “et al.”.")
    )

    date = models.CharField(
        _("date"),
        max_length=10,
        blank=True,
        validators=[validate_date],
        help_text=_("As precise as it is known: 2019, 2019-11 or 2019-11-25."),
    )
    year = models.PositiveSmallIntegerField(_("year"), null=True, editable=False, db_index=True)
    published_on = models.DateField(null=True, editable=False)
    place = models.CharField(_("place"), max_length=200, blank=True)
    series = models.CharField(
        _("series"), max_length=500, blank=True, help_text=_("Series, journal, containing book or conference.")
    )
    series_number = models.CharField(
        _("number in the series"),
        max_length=100,
        blank=True,
        help_text=_("Volume and issue, number, or document symbol: 70(1), 15, ILC.101/IV/1."),
    )
    pages = models.CharField(_("pages"), max_length=50, blank=True, help_text=_("Extent or range: 48 or 167-183."))
    url = models.URLField(_("address"), max_length=500, blank=True, help_text=_("Page of the work itself."))

    themes = ParentalManyToManyField("taxonomy.Theme", verbose_name=_("themes"), related_name="resources", blank=True)
    countries = ParentalManyToManyField(
        "taxonomy.Country", verbose_name=_("countries"), related_name="resources", blank=True
    )

    checked = models.BooleanField(
        _("checked"), default=False, help_text=_("Somebody compared this record with the work itself.")
    )
    seen_at = models.CharField(
        _("source of the record"),
        max_length=500,
        blank=True,
        help_text=_("Where the facts were read. Readers do not see it."),
    )
    title_key = models.CharField(max_length=200, editable=False, db_index=True)

    wagtail_reference_index_ignore = True  # deletion is guarded by a hook; the index would make loading slow
    objects = ResourceQuerySet.as_manager()
    page_context: ClassVar[Callable[["Resource", HttpRequest], dict[str, Any]]]  # set by the views: what the page shows

    class Meta:
        ordering = ["-number"]
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        indexes = [
            models.Index(fields=["-published_on", "-number"], name="library_resource_newest", condition=Q(live=True))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["work", "language"],
                name="library_resource_edition",
                violation_error_message=_("The work has an edition in this language already."),
            ),
            models.UniqueConstraint(
                fields=["work"],
                condition=Q(is_original=True),
                name="library_resource_original",
                violation_error_message=_("Another edition of the work is marked as the original."),
            ),
            models.CheckConstraint(condition=Q(type__in=ResourceType.values), name="library_resource_type"),
            models.CheckConstraint(condition=~Q(title=""), name="library_resource_title"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Compute what follows from date and title; give a new resource its number, and a work if it has none."""
        day = None
        with contextlib.suppress(ValueError):  # validation refuses such a date; a raw one only sorts last
            day = earliest_day(self.date)
        self.published_on, self.year = day, day.year if day else None
        self.title_key = sort_key(self.title)
        with transaction.atomic():
            Numbering.give(self)
            if self.work_id is None:
                self.work = Work.objects.create()
            super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the edition, and with the last one its work."""
        with transaction.atomic():
            deleted = super().delete(*args, **kwargs)
            Work.objects.filter(pk=self.work_id, editions=None).delete()
            return deleted

    def get_absolute_url(self) -> str:
        return reverse("library:resource", args=[self.number])

    def clean(self) -> None:
        if not self.title.strip():
            raise ValidationError({"title": _("Write the title as printed, or one of your own in square brackets.")})

    def is_visible_to(self, user: Any) -> bool:
        """The twin of `visible_to`."""
        return self.live or self.is_new_draft and audience_of(user) == "staff"

    @property
    def is_new_draft(self) -> bool:
        """Say whether it was never published: only staff know of it."""
        return not self.live and self.first_published_at is None

    @property
    def full_title(self) -> str:
        """Title and subtitle in one line."""
        if not self.subtitle:
            return self.title
        return f"{self.title} {self.subtitle}" if self.title[-1] in ".?!:" else f"{self.title}: {self.subtitle}"

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "library/resource.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        return {"request": request, **Resource.page_context(self, request)}
