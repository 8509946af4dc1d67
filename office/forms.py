"""The forms by which readers write to the office."""

from django import forms
from django.utils.translation import gettext_lazy as _

from office.models import ContactMessage, ErrorReport

MESSAGE = forms.Textarea(attrs={"rows": 8})
EMAIL = forms.EmailInput(attrs={"autocomplete": "email"})


class TrapForm(forms.ModelForm):
    """A form for everybody. `website` is invisible: only programs fill it in."""

    website = forms.CharField(required=False, widget=forms.HiddenInput)

    def is_from_a_program(self) -> bool:
        """Say whether the invisible field was filled in; only after validation."""
        return bool(self.cleaned_data.get("website"))


class ErrorReportForm(TrapForm):
    """What is wrong, and an address for questions."""

    class Meta:
        model = ErrorReport
        fields = ["message", "email"]
        labels = {"message": _("What is wrong, and what would be right?"), "email": _("Your e-mail address")}
        help_texts = {
            "message": _("If you can, say where the right information can be found."),
            "email": _("Only for questions about this report."),
        }
        widgets = {"message": MESSAGE, "email": EMAIL}


class ContactForm(TrapForm):
    """A message, and the address that the answer goes to."""

    class Meta:
        model = ContactMessage
        fields = ["message", "email", "name"]
        labels = {"message": _("Your message"), "email": _("Your e-mail address"), "name": _("Your name")}
        help_texts = {"email": _("The answer goes there.")}
        widgets = {"message": MESSAGE, "email": EMAIL, "name": forms.TextInput(attrs={"autocomplete": "name"})}
