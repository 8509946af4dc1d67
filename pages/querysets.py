"""Which pages whom may see: published, no alias, and under no restriction that keeps the reader out.

A page that was never published is the staff's; one that was withdrawn is nobody's. A log-in restriction means members;
a password, a group, or any sort not known here means staff.
"""

from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, Value, When
from django.db.models.functions import Length, Substr
from wagtail.models import PageViewRestriction
from wagtail.query import PageQuerySet

from accounts.audiences import audience_of, readable_by

OPEN, LOGIN = PageViewRestriction.NONE, PageViewRestriction.LOGIN


class EditionQuerySet(PageQuerySet):
    def editions(self) -> "EditionQuerySet":
        """Keep what may be met at all: published pages and new drafts that no other page fills."""
        return self.filter(Q(live=True) | Q(first_published_at=None), alias_of=None)

    def with_audience(self) -> "EditionQuerySet":
        """Annotate `audience`: the narrowest that the restrictions on the page and its ancestors leave."""
        above = PageViewRestriction.objects.filter(page__path=Substr(OuterRef("path"), 1, Length("page__path")))
        closed = above.exclude(restriction_type__in=[OPEN, LOGIN])
        login = above.filter(restriction_type=LOGIN)
        return self.annotate(
            audience=Case(
                When(live=False, then=Value("staff")),
                When(Exists(closed), then=Value("staff")),
                When(Exists(login), then=Value("members")),
                default=Value("public"),
                output_field=CharField(),
            )
        )

    def visible_to(self, user: Any) -> "EditionQuerySet":
        return self.editions().with_audience().filter(audience__in=readable_by(audience_of(user)))
