"""Persons and organisations."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.analysis import fold
from library.choices import AgentKind


def sort_key(text: str) -> str:
    """Return the text folded and without leading signs, so that databases sort it as readers expect."""
    return re.sub(r"^[\W_]+", "", fold(text))[:200]


class Agent(models.Model):
    """A person or organisation that writes, issues or publishes resources."""

    kind = models.CharField(_("kind"), max_length=12, choices=AgentKind)
    name = models.CharField(
        _("name"),
        max_length=250,
        help_text=_("Of a person: family name, comma, given names. A single name or an organisation stays as it is."),
    )
    sort_name = models.CharField(
        _("sorted as"), max_length=250, blank=True, help_text=_("Only where it differs from the name.")
    )
    sort_key = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("author or organisation")
        verbose_name_plural = _("authors and organisations")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name"],
                name="library_agent_name",
                violation_error_message=_("This name exists already: use it."),
            ),
            models.CheckConstraint(condition=models.Q(kind__in=AgentKind.values), name="library_agent_kind"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = sort_key(self.sort_name or self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("library:agent", args=[self.pk])

    def clean(self) -> None:
        if ";" in self.name:
            raise ValidationError({"name": _("Write one name only; each further author is an entry of its own.")})
