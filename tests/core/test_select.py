"""Our template of a choice says what Django's own says."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, TemplatesSetting

CHOICES = [("", "-"), ("a&b", '<i>"x"</i>'), (1, "one"), ("Group", [("g", "G"), (2, "two")])]


class OddSelect(forms.Select):
    """Options with attributes of every sort."""

    def create_option(self, *args, **kwargs):
        option = super().create_option(*args, **kwargs)
        option["attrs"].update({"data-x": '"q"', "hidden": True, "lang": False, "z": 1})
        return option


@pytest.mark.parametrize("value", [None, "", "a&b", "1", ["a&b", "g"]])
@pytest.mark.parametrize(
    "widget",
    [
        forms.Select(choices=CHOICES),
        forms.Select(attrs={"class": "x", "required": True, "disabled": False}, choices=CHOICES),
        forms.SelectMultiple(choices=CHOICES),
        forms.Select(choices=[]),
        OddSelect(choices=CHOICES),
    ],
)
def test_a_choice_is_the_same_byte_for_byte(widget, value):
    ours = widget.render("name", value, renderer=TemplatesSetting())
    assert ours == widget.render("name", value, renderer=DjangoTemplates())
    assert ours.startswith("<select")
