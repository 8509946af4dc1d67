"""Which questions a reader sees: the only rule. Its twin is `Question.is_visible_to`."""

from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.audiences import audience_of
from qa.choices import SHARED, UNSHARED_RESOLUTIONS, Moderation, SnapshotState, Status
from taxonomy.models import MAX_DEPTH


class QuestionQuerySet(models.QuerySet):
    """Questions. Who reads the case reads all of it; others read the published snapshot or nothing."""

    def visible_to(self, user: Any) -> "QuestionQuerySet":
        """Questions of which `user` sees the case or a published snapshot."""
        return self.filter(self._published() | self._cases_of(user))

    def cases_visible_to(self, user: Any) -> "QuestionQuerySet":
        """Questions whose whole case `user` reads."""
        return self.filter(self._cases_of(user))

    def published(self) -> "QuestionQuerySet":
        """Questions with a published snapshot."""
        return self.filter(self._published())

    def answered(self) -> "QuestionQuerySet":
        return self.filter(first_delivered_at__isnull=False)

    def open(self) -> "QuestionQuerySet":
        """Questions that still wait for an answer."""
        return self.filter(first_delivered_at=None).exclude(status=Status.CLOSED)

    def in_languages(self, languages: Collection[str], user: Any) -> "QuestionQuerySet":
        """Questions that `user` can read in one of these languages."""
        snapshots = self._snapshots().filter(language__in=languages)
        return self.filter(Q(Exists(snapshots)) | self._cases_of(user) & Q(language__in=languages))

    def about_country(self, *iso3: str) -> "QuestionQuerySet":
        """Questions about any of these countries."""
        rows = self.model.countries.through.objects.filter(country__iso3__in=iso3)
        return self.filter(pk__in=rows.values("question"))

    def about_theme(self, *slugs: str) -> "QuestionQuerySet":
        """Questions about any of these themes or of the themes below them."""
        wanted = Q()
        for depth in range(MAX_DEPTH):
            wanted |= Q(**{f"theme__{'parent__' * depth}slug__in": slugs})
        rows = self.model.themes.through.objects.filter(wanted)
        return self.filter(pk__in=rows.values("question"))

    def _snapshots(self) -> models.QuerySet:
        snapshots = self.model.snapshots.rel.related_model.objects
        return snapshots.filter(question=OuterRef("pk"), state=SnapshotState.PUBLISHED)

    def _published(self) -> Q:
        return Q(Exists(self._snapshots()), moderation=Moderation.CLEAR)

    def _cases_of(self, user: Any) -> Q:
        audience = audience_of(user)
        if audience == "public":
            return Q(pk=None)
        there = ~Q(moderation=Moderation.REMOVED)
        if audience == "staff":
            return there & (~Q(status=Status.DRAFT) | Q(asker=user))
        assigned = self.model.assignments.rel.related_model.objects.filter(
            question=OuterRef("pk"), expert=user, released_at=None
        )
        written = self.model.answers.rel.related_model.objects.filter(question=OuterRef("pk"), author=user)
        shared = Q(visibility__in=SHARED) & ~Q(resolution__in=UNSHARED_RESOLUTIONS)
        shown = Q(moderation=Moderation.CLEAR) & ~Q(status=Status.DRAFT)
        return there & Q(asker=user) | shown & (shared | Q(Exists(assigned)) | Q(Exists(written)))
