"""A field for several codes out of a short list."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class CodesField(models.JSONField):
    """A list of codes of a vocabulary (code to label), each once and in its order; a box to tick for each in forms.

    The vocabulary stays out of migrations: it describes the form, not the table.
    """

    def __init__(self, *args: Any, vocabulary: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        self.vocabulary = vocabulary or {}
        kwargs["default"] = list
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list, dict]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["default"]
        return name, path, args, kwargs

    def clean(self, value: Any, model_instance: models.Model | None) -> list[str]:
        """Return the codes in the vocabulary's order. Raises ValidationError for a code that it does not have."""
        value = super().clean(value, model_instance) or []
        unknown = [code for code in value if code not in self.vocabulary] if isinstance(value, list) else [value]
        if unknown:
            raise ValidationError(
                _("%(unknown)s is unknown: use %(known)s."),
                params={"unknown": ", ".join(map(str, unknown)), "known": ", ".join(self.vocabulary)},
            )
        return [code for code in self.vocabulary if code in value]

    def formfield(self, **kwargs: Any) -> forms.Field:
        return forms.MultipleChoiceField(
            choices=list(self.vocabulary.items()),
            widget=forms.CheckboxSelectMultiple,
            required=not self.blank,
            label=self.verbose_name,
            help_text=self.help_text,
        )
