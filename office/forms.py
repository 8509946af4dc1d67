"""The form by which readers report an error."""

from django import forms
from django.utils.translation import gettext_lazy as _

from office.models import ErrorReport


class ErrorReportForm(forms.ModelForm):
    """What is wrong, and an address for questions. `website` is invisible: only programs fill it in."""

    website = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = ErrorReport
        fields = ["message", "email"]
        labels = {"message": _("What is wrong, and what would be right?"), "email": _("Your e-mail address")}
        help_texts = {
            "message": _("If you can, say where the right information can be found."),
            "email": _("Only for questions about this report."),
        }
        widgets = {
            "message": forms.Textarea(attrs={"rows": 8}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }

    def is_from_a_program(self) -> bool:
        """Say whether the invisible field was filled in; only after validation."""
        return bool(self.cleaned_data.get("website"))
