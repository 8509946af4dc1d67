"""Which profiles a reader sees."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from accounts.audiences import audience_of
from core.entries import Audience
from experts.choices import READABLE, Purpose, Section, State


def oldest_confirmation(days: int) -> Combinable:
    """Return the moment after which a profile must have been confirmed to count for `days`, by the database's clock.

    Not by Python's: a rule without a time in it comes out the same each time, and is compiled once for all visitors.
    """
    return Now() - timedelta(days=days)


class ExpertQuerySet(models.QuerySet):
    """Profiles; `visible_to` is the only rule on who sees what, `findable_by` stricter, for lists and searches."""

    def visible_to(self, user: Any) -> "ExpertQuerySet":
        """What is published for the reader's audience. Staff see all but what was erased, owners their own."""
        audience = audience_of(user)
        if audience == "staff":
            return self.exclude(state=State.ERASED)
        own = Q(user=user.pk) & ~Q(state=State.ERASED) if user.is_authenticated else Q(pk__in=())
        return self.filter(self._published(audience, settings.EXPERT_PAGE_DAYS) | own)

    def findable_by(self, user: Any) -> "ExpertQuerySet":
        """What the reader's lists and searches hold: profiles that were confirmed lately. For staff too."""
        return self.filter(self._published(audience_of(user), settings.EXPERT_SEARCH_DAYS))

    def for_search_engines(self) -> "ExpertQuerySet":
        """Those who agreed to be found by search engines. No sample is among them: it agrees to nothing."""
        return self.filter(Exists(self._agreed(Purpose.SEARCH)))

    def with_indexable(self) -> "ExpertQuerySet":
        """Say of each, as `indexable`, whether search engines may keep its page."""
        return self.annotate(indexable=Exists(self._agreed(Purpose.SEARCH)))

    def _published(self, audience: Audience, days: int) -> Q:
        """Approved and live, agreed to, confirmed within `days`, and named to the audience. Samples need only the rest.

        Each condition here has its twin in `ExpertProfile`.
        """
        named = self._parts("visibilities").filter(section=Section.IDENTITY, level__in=READABLE[audience])
        agreed = Exists(self._agreed(Purpose.DIRECTORY))
        kept = Q(is_sample=True) | Q(agreed, last_confirmed_at__gt=oldest_confirmation(days))
        return Q(Exists(named), live=True, state=State.APPROVED) & kept

    def _agreed(self, purpose: Purpose) -> models.QuerySet:
        return self._parts("consents").filter(purpose=purpose, withdrawn_at=None)

    def _parts(self, name: str) -> models.QuerySet:
        return self.model._meta.get_field(name).related_model.objects.filter(profile=OuterRef("pk"))
