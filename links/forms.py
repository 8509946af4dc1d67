"""The editors' forms of decisions about links: entries are named by the addresses of their pages."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from core.metadata import address_in
from links.models import Suppression
from sync.models import Document


class EntryField(forms.CharField):
    """The address of a page of ours; its value is the key of the entry that is shown there."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", gettext_lazy("The address of its page, as the browser shows it."))
        super().__init__(max_length=500, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        if not (key := _key_at(urlsplit(text).path)):
            raise forms.ValidationError(
                _("There is no entry at this address: copy it from the browser, with the language: /en/glossary/…")
            )
        return key

    def prepare_value(self, value: Any) -> Any:
        """Show the address of a key that is stored."""
        shown = Document.objects.filter(key=value, gone=False).order_by("language").first() if value else None
        return address_in("en", shown.route) if shown else value


def _key_at(path: str) -> str | None:
    try:
        found = resolve(path)
    except Resolver404:
        return None
    route = [found.view_name, *map(str, found.args or found.kwargs.values())]
    return Document.objects.filter(route=route, gone=False).values_list("key", flat=True).first()


class RuleForm(WagtailAdminModelForm):
    """A rule for the names of the entry at an address."""

    key = EntryField(label=gettext_lazy("Entry"))


class SuppressionForm(WagtailAdminModelForm):
    """A place without links: on the page at an address, to the entry at another, or both."""

    source = EntryField(label=gettext_lazy("On the page"), required=False)
    target = EntryField(label=gettext_lazy("To the entry"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not (data["source"] or data["target"]):
            raise forms.ValidationError(_("Say on which page, or to which entry, or both."))
        return data

    def save(self, commit: bool = True) -> Suppression:
        if self.instance.user is None:
            self.instance.user = self.for_user
        return super().save(commit)
