"""Forms of the editors' screens."""

from collections import Counter
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.forms.choosers import BaseFilterForm

from library.choices import Scheme
from library.validators import normalised


class ResourceForm(WagtailAdminModelForm):
    """A resource with its parts."""

    def is_valid(self) -> bool:
        """Check the identifiers among themselves too: the database would only refuse the second of two equal ones."""
        return super().is_valid() and self._identifiers_differ()

    def _identifiers_differ(self) -> bool:
        rows = [form for form in self.formsets["identifiers"].forms if _is_filled(form)]
        values = [normalised(form.cleaned_data["scheme"], form.cleaned_data["raw"]) for form in rows]
        counts = Counter(values)
        for form, value in zip(rows, values, strict=True):
            if counts[value] > 1:
                form.add_error("raw", _("This identifier appears here twice: delete one of them."))
        return len(counts) == len(values)


def _is_filled(form: forms.ModelForm) -> bool:
    data: dict[str, Any] = getattr(form, "cleaned_data", {})
    return data.get("scheme") in Scheme.values and bool(data.get("raw")) and not data.get("DELETE")


class ContainsForm(BaseFilterForm):
    """The search of a chooser: every word must occur in one of the fields, without any index."""

    fields_searched: tuple[str, ...] = ("name",)
    q = forms.CharField(label=_("Search term"), required=False)

    def filter(self, objects: QuerySet) -> QuerySet:
        objects = super().filter(objects)
        text = self.cleaned_data.get("q", "")
        for word in text.split():
            wanted = Q()
            for field in self.fields_searched:
                wanted |= Q(**{f"{field}__icontains": word})
            objects = objects.filter(wanted)
        self.is_searching, self.search_query = bool(text), text
        return objects.distinct() if text else objects


class ResourceSearchForm(ContainsForm):
    fields_searched = ("title", "subtitle", "series_number", "number")


class WorkSearchForm(ContainsForm):
    """Works are found by the titles of their editions."""

    fields_searched = ("key", "editions__title")
