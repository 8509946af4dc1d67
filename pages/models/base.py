"""What all page types share: an address of our own, and one page of a subject in each language."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import Textarea
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Page, PageManager, PageViewRestriction, Site

from accounts.audiences import audience_of, readable_by
from core.entries import Audience
from pages.previews import PublicPage
from pages.querysets import LOGIN, OPEN, EditionQuerySet


class OwnAddress(PublicPage):
    """Mixin of page types: their public address is ours, in the page's own language, not one of the tree."""

    def address(self) -> tuple[str, ...] | None:
        """Return name and arguments of the public address; None while there is none."""
        raise NotImplementedError

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        address = self.address()
        roots = [root for root in Site.get_site_root_paths() if self.url_path.startswith(root.root_path)]
        if address is None or not roots:
            return None
        language = self.locale.language_code
        with translation.override(language if language in dict(settings.LANGUAGES) else "en"):
            return roots[0].site_id, roots[0].root_url, reverse(address[0], args=address[1:])


class Edition(OwnAddress, Page):
    """What is told of one subject in one language. A subject has one page in each language at most."""

    subject: ClassVar[str]  # the field that names it

    lead = models.CharField(_("lead"), max_length=400, help_text=_("What to know first, in one to three lines."))
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True)
    reviewed_by = models.CharField(_("reviewed by"), max_length=120, blank=True)
    # The locale's code, repeated from the table of all pages so that this one can be constrained; none for an alias.
    language = models.CharField(max_length=35, null=True, editable=False)

    objects = PageManager.from_queryset(EditionQuerySet)()

    lead_panels: ClassVar[list] = [
        FieldPanel("lead", widget=Textarea(attrs={"rows": 3})),
        FieldRowPanel([FieldPanel("reviewed_on"), FieldPanel("reviewed_by")]),
    ]
    promote_panels: list = []

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> Any:
        if self.locale_id is None:
            self.locale = self.get_default_locale()  # the parent's
        self.language = None if self.alias_of_id else self.locale.language_code
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "language"}
        return super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse a second page of the same subject and language."""
        super().clean()
        value = getattr(self, self._meta.get_field(self.subject).attname)
        if value and not self.alias_of_id:
            same = type(self).objects.filter(**{self.subject: value}, language=self.locale.language_code)
            if other := same.exclude(pk=self.pk).first():
                message = _("“%(page)s” is the page about this in this language: edit that one.")
                raise ValidationError({self.subject: message % {"page": other}})

    def audience(self) -> Audience:
        """Return the narrowest audience that the restrictions on the page and its ancestors leave."""
        if not self.live:
            return "staff"
        ancestors = [self.path[:end] for end in range(self.steplen, len(self.path) + 1, self.steplen)]
        kinds = PageViewRestriction.objects.filter(page__path__in=ancestors).values_list("restriction_type", flat=True)
        found = set(kinds) - {OPEN}
        return "staff" if found - {LOGIN} else "members" if found else "public"

    def is_visible_to(self, user: Any) -> bool:
        """The twin of `objects.visible_to(user)`."""
        met = (self.live or self.first_published_at is None) and self.alias_of_id is None
        return met and self.audience() in readable_by(audience_of(user))
