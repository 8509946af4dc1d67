"""A field for several codes or keys: `SEN CPV`, `theme:3 term:58`."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

Offer = Callable[[], list[tuple[str, str]]]


class KeysFormField(forms.CharField):
    """Keys in one line, with spaces between."""

    def __init__(self, *, pattern: str, **kwargs: Any) -> None:
        self.pattern = re.compile(pattern)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> str:
        return value if isinstance(value, str) else " ".join(value or ())

    def to_python(self, value: Any) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.prepare_value(value).replace(",", " ").split()))

    def validate(self, value: tuple[str, ...]) -> None:
        super().validate(value)
        for key in value:
            if not self.pattern.fullmatch(key):
                raise ValidationError(
                    _("“%(key)s” is no key. Write keys as the hint shows, with spaces between."), params={"key": key}
                )

    def run_validators(self, value: tuple[str, ...]) -> None:
        super().run_validators(" ".join(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)


class KeysField(models.TextField):
    """A tuple of keys without spaces in them, each once, stored with single spaces between.

    `offer` gives the keys to choose from in forms, `pattern` says what else may be written. Neither is in migrations:
    they describe the form, not the table.
    """

    def __init__(self, *args: Any, offer: Offer | None = None, pattern: str = r"\S+", **kwargs: Any) -> None:
        self.offer, self.pattern = offer, pattern
        super().__init__(*args, **{"blank": True, "default": "", **kwargs})

    def to_python(self, value: Any) -> tuple[str, ...]:
        parts: Iterable[str] = value.split() if isinstance(value, str) else value or ()
        return tuple(dict.fromkeys(parts))

    def from_db_value(self, value: str | None, *_args: Any) -> tuple[str, ...]:
        return self.to_python(value)

    def get_prep_value(self, value: Any) -> str:
        return " ".join(self.to_python(value))

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))

    def pre_save(self, model_instance: models.Model, add: bool) -> tuple[str, ...]:
        value = self.to_python(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value

    def formfield(self, **kwargs: Any) -> forms.Field:
        shared = {"label": self.verbose_name, "help_text": self.help_text, "required": not self.blank}
        if self.offer is None:
            return KeysFormField(pattern=self.pattern, **shared)
        return forms.MultipleChoiceField(choices=self.offer, widget=forms.SelectMultiple(attrs={"size": 8}), **shared)
