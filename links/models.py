"""Names by which entries are mentioned, and links between entries. Both are derived, and rewritten with documents."""

import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from sync.folding import mark


class Mode(models.TextChoices):
    """When a text is linked where a name stands. In every mode searches understand the name."""

    FIRST = "first", _("the first time in a section")
    ALWAYS = "always", _("every time")
    CASE_SENSITIVE = "case_sensitive", _("only exactly as written")
    NEEDS_CONTEXT = "needs_context", _("only beside other words")
    NEVER = "never", _("never")


class Name(models.Model):
    """A phrase that means an entry, in one language, for those who may read that entry.

    Searches understand every name; texts link to the entry only where one that is a `mention` stands.
    """

    key = models.CharField(max_length=80, db_index=True)
    language = models.CharField(max_length=35)
    phrase = models.CharField(max_length=300)
    audience = models.CharField(max_length=8)
    mention = models.BooleanField(default=True)
    is_title = models.BooleanField(default=False)
    topic = models.CharField(max_length=80, blank=True)  # `country:sen`, `theme:maternity`: what other entries carry
    route = models.JSONField(default=list)
    weight = models.FloatField(default=1.0)
    mode = models.CharField(max_length=14, choices=Mode, default=Mode.FIRST)  # this and what follows: by a rule
    context = models.TextField(blank=True)
    priority = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "language", "phrase", "audience"], name="links_name_once")
        ]


class NamesVersion(models.Model):
    """Changes whenever a name does. A random mark, not a counter: a rolled-back step must not be met again."""

    mark = models.CharField(max_length=32)

    @classmethod
    def step(cls) -> None:
        """Give the names a new version."""
        cls.objects.update_or_create(pk=1, defaults={"mark": uuid.uuid4().hex})


class Link(models.Model):
    """`source` leads to `target`; `audience` is that of the entry which the link comes from."""

    class How(models.TextChoices):
        MENTION = "mention"  # a name occurs in the text
        REFERENCE = "reference"  # an address or a chooser
        TOPIC = "topic"  # a theme or country that the entry is about
        ANSWERED = "answered"  # an expert's answer

    source = models.CharField(max_length=80)
    target = models.CharField(max_length=80)
    how = models.CharField(max_length=10, choices=How)
    audience = models.CharField(max_length=8)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "target", "how", "audience"], name="links_link_once")]
        indexes = [models.Index(fields=["target", "how", "audience"], name="links_link_target")]


class Decision(models.Model):
    """What staff decided about links. In force at the next request: its entry is projected again, pages made anew."""

    reason = models.CharField(_("reason"), max_length=400, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        before = type(self).objects.filter(pk=self.pk).first()
        with transaction.atomic():
            super().save(*args, **kwargs)
            self._take_effect({self.touches, before.touches if before else self.touches})

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            self._take_effect({self.touches})
            return super().delete(*args, **kwargs)

    @property
    def touches(self) -> str:
        """The key of the entry that is projected again."""
        raise NotImplementedError

    @staticmethod
    def _take_effect(keys: set[str]) -> None:
        NamesVersion.step()
        mark(list(keys), "direct")


class NameRule(Decision):
    """How names of one entry are linked."""

    key = models.CharField(max_length=80, db_index=True)
    language = models.CharField(_("language"), max_length=35, blank=True, choices=settings.LANGUAGES)
    phrase = models.CharField(
        _("name"), max_length=300, blank=True, help_text=_("As it is written there; empty: all its names.")
    )
    mode = models.CharField(_("links"), max_length=14, choices=Mode, default=Mode.FIRST)
    context = models.TextField(
        _("other words"),
        blank=True,
        help_text=_("One a line. At least one must stand in the same paragraph; for “only beside other words”."),
    )
    priority = models.SmallIntegerField(
        _("priority"), default=0, help_text=_("Where two entries have the same name, the higher one is linked.")
    )

    class Meta:
        verbose_name = _("rule for a name")
        verbose_name_plural = _("rules for names")

    def __str__(self) -> str:
        return f"{self.phrase or self.key}: {self.get_mode_display()}"

    @property
    def touches(self) -> str:
        return self.key

    def clean(self) -> None:
        if self.mode == Mode.NEEDS_CONTEXT and not self.context.strip():
            raise ValidationError({"context": _("Give the words beside which the name is linked, one a line.")})


class Suppression(Decision):
    """Where texts are not linked: on a page, to an entry, or within a passage. Empty means any."""

    source = models.CharField(max_length=80, blank=True)
    target = models.CharField(max_length=80, blank=True)
    passage = models.CharField(
        _("passage"),
        max_length=400,
        blank=True,
        help_text=_("Words as they stand in the text: no link within them. Empty: the whole text."),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True, editable=False
    )

    class Meta:
        verbose_name = _("place without links")
        verbose_name_plural = _("places without links")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(source="") | ~models.Q(target=""), name="links_suppression_of_something"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source or '*'} → {self.target or '*'}"

    @property
    def touches(self) -> str:
        return self.source or self.target
