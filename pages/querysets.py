"""Which country pages whom may see: live, no alias, and under no restriction that keeps the reader out.

A log-in restriction means members; a password, a group, or any sort not known here means staff.
"""

from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Value, When
from django.db.models.functions import Length, Substr
from wagtail.models import PageViewRestriction
from wagtail.query import PageQuerySet

from accounts.audiences import audience_of, readable_by

OPEN, LOGIN = PageViewRestriction.NONE, PageViewRestriction.LOGIN


class CountryPageQuerySet(PageQuerySet):
    def editions(self) -> "CountryPageQuerySet":
        """Keep what readers may meet at all: published pages that no other page fills."""
        return self.filter(live=True, alias_of=None)

    def with_audience(self) -> "CountryPageQuerySet":
        """Annotate `audience`: the narrowest that the restrictions on the page and its ancestors leave."""
        above = PageViewRestriction.objects.filter(page__path=Substr(OuterRef("path"), 1, Length("page__path")))
        closed = above.exclude(restriction_type__in=[OPEN, LOGIN])
        login = above.filter(restriction_type=LOGIN)
        return self.annotate(
            audience=Case(
                When(Exists(closed), then=Value("staff")),
                When(Exists(login), then=Value("members")),
                default=Value("public"),
                output_field=CharField(),
            )
        )

    def visible_to(self, user: Any) -> "CountryPageQuerySet":
        return self.editions().with_audience().filter(audience__in=readable_by(audience_of(user)))
