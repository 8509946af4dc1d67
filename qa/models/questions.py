"""The case: a question on its way, its texts, and who is asked to answer it."""

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.audiences import audience_of
from core import numbering
from qa.choices import (
    SHARED,
    UNSHARED_RESOLUTIONS,
    Group,
    Moderation,
    Resolution,
    SnapshotState,
    Status,
    Visibility,
)
from qa.models.base import AppendOnly, one_of
from qa.querysets import QuestionQuerySet


class Numbering(numbering.Numbering):
    """The highest number ever given to a question."""

    numbered = "Question"


class Question(models.Model):
    """One case. Only services write its axes: status with resolution, visibility, moderation."""

    number = models.PositiveIntegerField(_("number"), unique=True, editable=False)
    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("asker"), on_delete=models.PROTECT, related_name="questions", null=True
    )
    asked_by = models.CharField(max_length=120, blank=True)  # of starter content, which nobody's account asked
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    constituent_group = models.CharField(_("asked by"), max_length=12, choices=Group, blank=True)
    language = models.CharField(_("language"), max_length=35)  # of the text; BCP 47
    mail_language = models.CharField(max_length=10, default="en")  # of the interface in which it was asked
    themes = models.ManyToManyField("taxonomy.Theme", verbose_name=_("themes"), related_name="questions")
    countries = models.ManyToManyField(
        "taxonomy.Country", verbose_name=_("countries"), related_name="questions", blank=True
    )

    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    resolution = models.CharField(max_length=12, choices=Resolution, blank=True)
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PRIVATE)
    moderation = models.CharField(max_length=8, choices=Moderation, default=Moderation.CLEAR)
    duplicate_of = models.ForeignKey("self", on_delete=models.PROTECT, related_name="duplicates", null=True)

    consented_at = models.DateTimeField(null=True)  # when the asker agreed to a redacted publication; null = has not
    lock_version = models.PositiveIntegerField(default=0)
    submitted_at = models.DateTimeField(null=True)
    first_delivered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            one_of("status", Status, "qa_question_status"),
            one_of("resolution", Resolution, "qa_question_resolution", blank=True),
            one_of("visibility", Visibility, "qa_question_visibility"),
            one_of("moderation", Moderation, "qa_question_moderation"),
            one_of("constituent_group", Group, "qa_question_group", blank=True),
            models.CheckConstraint(
                condition=Q(status="closed") & ~Q(resolution="") | ~Q(status="closed") & Q(resolution=""),
                name="qa_question_closed",
            ),
            models.CheckConstraint(
                condition=Q(resolution="duplicate", duplicate_of__isnull=False)
                | ~Q(resolution="duplicate") & Q(duplicate_of=None),
                name="qa_question_duplicate",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of=None) | ~Q(duplicate_of=F("pk")), name="qa_question_not_itself"
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(submitted_at__isnull=False), name="qa_question_submitted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Give a new question its number."""
        with transaction.atomic():
            Numbering.give(self)
            super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("questions:detail", args=[self.number])

    @property
    def key(self) -> str:
        return f"question:{self.pk}"

    def is_visible_to(self, user: Any) -> bool:
        """The twin of `visible_to`."""
        return self.is_published() or self.is_case_visible_to(user)

    def is_published(self) -> bool:
        """The twin of `published`."""
        return self.moderation == Moderation.CLEAR and self.snapshots.filter(state=SnapshotState.PUBLISHED).exists()

    def is_case_visible_to(self, user: Any) -> bool:
        """The twin of `cases_visible_to`."""
        audience = audience_of(user)
        if audience == "public" or self.moderation == Moderation.REMOVED:
            return False
        if self.asker_id == user.pk:
            return True
        if self.status == Status.DRAFT:
            return False
        if audience == "staff":
            return True
        return self.moderation == Moderation.CLEAR and (self.is_shared() or self.has_expert(user))

    def is_shared(self) -> bool:
        """Say whether all members read the case, while nobody hides it."""
        return self.visibility in SHARED and self.resolution not in UNSHARED_RESOLUTIONS

    def has_expert(self, user: Any) -> bool:
        """Say whether `user` is asked to answer, or has answered."""
        assigned = self.assignments.filter(expert=user, released_at=None).exists()
        return assigned or self.answers.filter(author=user).exists()


class QuestionText(AppendOnly):
    """One version of what was asked, in one language. Never changed: a correction is the next version."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=35)
    n = models.PositiveIntegerField(default=1)
    title = models.CharField(_("question"), max_length=200)
    body_md = models.TextField(_("background"), blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["question", "language", "-n"]
        verbose_name = _("text of a question")
        constraints = [
            models.UniqueConstraint(fields=["question", "language", "n"], name="qa_questiontext_version"),
            models.CheckConstraint(condition=~Q(title=""), name="qa_questiontext_title"),
        ]


class Assignment(models.Model):
    """An expert is asked to answer; `released_at` ends that."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="assignments")
    expert = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(auto_now_add=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = pgettext_lazy("of a question", "assignment")
        constraints = [
            models.UniqueConstraint(fields=["question"], condition=Q(released_at=None), name="qa_assignment_one_live")
        ]
