"""Numbers that are cited: once given, never given to anything else, also after it was deleted."""

from typing import Any, ClassVar

from django.apps import apps
from django.db import models, transaction
from django.db.models import Max


class Numbering(models.Model):
    """The highest number ever given to rows of one model: one row of its own table, in the app of that model."""

    numbered: ClassVar[str]  # name of the model, in the same app; it has a unique `number`

    last = models.PositiveIntegerField()

    class Meta:
        abstract = True

    @classmethod
    def give(cls, row: Any) -> None:
        """Give a row that has none its number, and remember one that a new row brings from outside.

        Inside the transaction that saves the row.
        """
        if row.number is None:
            row.number = cls.next()
        elif row._state.adding:
            cls.reach(row.number)

    @classmethod
    def next(cls) -> int:
        """Take the next free number, inside the transaction that uses it."""
        model = apps.get_model(cls._meta.app_label, cls.numbered)
        with transaction.atomic():
            row, _created = cls.objects.select_for_update().get_or_create(pk=1, defaults={"last": 0})
            row.last = max(row.last, model.objects.aggregate(last=Max("number"))["last"] or 0) + 1
            row.save()
            return row.last

    @classmethod
    def reach(cls, number: int) -> None:
        """Remember a number that was given from outside."""
        if not cls.objects.filter(pk=1, last__gte=number).exists():
            cls.objects.update_or_create(pk=1, defaults={"last": number})
