"""A person's profile, and what the person agreed to."""

import secrets
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin, WorkflowMixin

from accounts.audiences import audience_of
from core.folding import fold
from experts.choices import READABLE, Level, Purpose, Section, State
from experts.models.parts import country_code
from experts.querysets import ExpertQuerySet
from experts.validators import validate_language

ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"  # without what is easily misread
RANDOM = 6  # characters of a slug: half a milliard of addresses for each name


def new_slug(name: str) -> str:
    """Return an address for a name that nobody guesses: `awa-diallo-7k2m9q`."""
    mark = "".join(secrets.choice(ALPHABET) for _place in range(RANDOM))
    return f"{slugify(fold(name))[:60] or 'expert'}-{mark}"


class ExpertProfile(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel):
    """One person's CV. What others read of it depends on its state, its age, the consents and the levels of its parts.

    A sample is an invented person: nobody owns it, nobody can be reached through it, and it never grows old.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        related_name="expert_profile",
        null=True,
        blank=True,
    )
    is_sample = models.BooleanField(_("sample"), default=False, help_text=_("An invented person, shown as such."))
    state = models.CharField(_("state"), max_length=17, choices=State, default=State.DRAFT)
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(max_length=80, unique=True, editable=False)
    language = models.CharField(
        _("language"),
        max_length=35,
        default="en",
        validators=[validate_language],
        help_text=_("In which assignments, positions and education are written: en, fr, es, pt-BR."),
    )
    residence_country = country_code(_("country of residence"))
    last_confirmed_at = models.DateTimeField(_("last confirmed"), null=True, blank=True)
    next_review_at = models.DateTimeField(_("next review"), null=True, blank=True)

    wagtail_reference_index_ignore = True
    objects = ExpertQuerySet.as_manager()
    page_context: ClassVar[Callable[["ExpertProfile", HttpRequest], dict[str, Any]]]  # set by the views

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("expert")
        verbose_name_plural = _("experts")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="experts_profile_state"),
            models.CheckConstraint(
                condition=Q(is_sample=False) | Q(user=None),
                name="experts_profile_sample_without_user",
                violation_error_message=_("A sample is an invented person and has no account."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="experts_profile_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.slug = self.slug or new_slug(self.name)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.is_sample and self.pk and self.consents.exists():
            raise ValidationError({"is_sample": _("Somebody gave consents here: a sample is an invented person.")})
        if self.last_confirmed_at and self.last_confirmed_at > timezone.now():
            raise ValidationError({"last_confirmed_at": _("This day has not come yet.")})

    def get_absolute_url(self) -> str:
        return reverse("experts:detail", args=[self.slug])

    # --- Who reads it -------------------------------------------------------------------------------------------
    def is_visible_to(self, user: Any) -> bool:
        """The twin of `visible_to`."""
        if self.state == State.ERASED:
            return False
        return (
            audience_of(user) == "staff"
            or self.is_owned_by(user)
            or self._is_published(READABLE[audience_of(user)], settings.EXPERT_PAGE_DAYS)
        )

    def is_findable_by(self, user: Any) -> bool:
        """The twin of `findable_by`."""
        return self._is_published(READABLE[audience_of(user)], settings.EXPERT_SEARCH_DAYS)

    def levels_of(self, user: Any) -> tuple[Level, ...]:
        """Return the levels of parts that `user` may read here."""
        return tuple(Level) if self.is_owned_by(user) else READABLE[audience_of(user)]

    def is_owned_by(self, user: Any) -> bool:
        return user.is_authenticated and self.user_id == user.pk

    def _is_published(self, levels: tuple[Level, ...], days: int) -> bool:
        return (
            self.is_kept()
            and self.level(Section.IDENTITY) in levels
            and (self.is_sample or self.lapses_at(days) is not None and self.lapses_at(days) > timezone.now())
        )

    def is_kept(self) -> bool:
        """Say whether it may have readers at all, whatever its levels and its age."""
        agreed = self.is_sample or any(consent.is_active(Purpose.DIRECTORY) for consent in self.consents.all())
        return self.live and self.state == State.APPROVED and agreed

    def level(self, section: str, own: str = "") -> str:
        """Return who reads an item with a level of its `own`, or its section: nobody unless it is said."""
        found = {row.section: row.level for row in self.visibilities.all()}
        return own or found.get(section, Level.PRIVATE)

    def lapses_at(self, days: int) -> datetime | None:
        """Return when the last confirmation has lasted for `days`; None if there was none."""
        return self.last_confirmed_at + timedelta(days=days) if self.last_confirmed_at else None

    def confirm(self, at: datetime | None = None) -> None:
        """Note that the person confirmed all of it."""
        self.last_confirmed_at = at or timezone.now()
        self.next_review_at = self.last_confirmed_at + timedelta(days=settings.EXPERT_REVIEW_DAYS)

    @property
    def is_contactable(self) -> bool:
        """Say whether messages may be relayed to this person."""
        return not self.is_sample and any(consent.is_active(Purpose.CONTACT_RELAY) for consent in self.consents.all())

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "experts/expert.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        return {"request": request, **ExpertProfile.page_context(self, request)}


class Consent(models.Model):
    """What a person agreed to, for one purpose and one wording. No part of a draft, so it counts at once."""

    profile = models.ForeignKey(ExpertProfile, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=13, choices=Purpose)
    version = models.CharField(_("version of the text"), max_length=20)
    text_hash = models.CharField(_("hash of the text"), max_length=64)
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="experts_consent_purpose"),
            models.UniqueConstraint(
                fields=["profile", "purpose"], condition=Q(withdrawn_at=None), name="experts_consent_one_active"
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.profile.is_sample:
            raise ValidationError(_("A sample is an invented person: nobody can agree to anything."))
        super().save(*args, **kwargs)

    def is_active(self, purpose: str) -> bool:
        return self.purpose == purpose and self.withdrawn_at is None
