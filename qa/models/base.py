"""What the tables of a case share."""

from typing import Any

from django.db import models
from django.db.models import Q


class AppendOnly(models.Model):
    """Rows that are written once. What is wrong in one is put right by another one."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"A {self._meta.verbose_name} is never changed: write another one.")
        super().save(*args, **kwargs)


def one_of(field: str, choices: type[models.TextChoices], name: str, blank: bool = False) -> models.CheckConstraint:
    """Return the constraint that a field holds one of its choices."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": [*choices.values, *([""] if blank else [])]}), name=name
    )
