"""The forms of asking, answering, publishing and commenting."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from qa.choices import EXPERTS, CommentAudience, Group, Visibility
from qa.models.thread import MAX_COMMENT
from qa.services import MAX_ANSWER, MAX_BODY, MAX_TITLE, Limited, Stale
from taxonomy.models import Country, Theme

T = TypeVar("T")


def attempt(form: forms.Form, do: Callable[[], T]) -> T | None:
    """Call a service; what it refuses becomes an error of the form, which keeps what was written."""
    try:
        return do()
    except ValidationError as error:
        form.add_error(None, error)
        form.refused = error
        return None


def status_of(form: forms.Form) -> int:
    """Return the HTTP status of a form that was not accepted."""
    refused = getattr(form, "refused", None)
    return 429 if isinstance(refused, Limited) else 409 if isinstance(refused, Stale) else 422


def themes_by_root() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the choices of themes, under the root that groups them. A root with themes below it is no choice."""
    themes = list(Theme.objects.all())
    by_pk = {theme.pk: theme for theme in themes}
    parents = {theme.parent_id for theme in themes}

    def root(theme: Theme) -> Theme:
        return root(by_pk[theme.parent_id]) if theme.parent_id else theme

    groups: dict[str, list[tuple[str, str]]] = {}
    for theme in themes:
        if theme.parent_id or theme.pk not in parents:
            groups.setdefault(str(root(theme)), []).append((theme.slug, str(theme)))
    return list(groups.items())


class AskForm(forms.Form):
    """A question. Its fields are what is kept while the asker signs in."""

    title = forms.CharField(
        label=_("Your question in one sentence"), max_length=MAX_TITLE,
        help_text=_("Readers will see this as the title."),
    )  # fmt: skip
    body = forms.CharField(
        label=_("Background"), max_length=MAX_BODY, required=False, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("What you have tried, and what decision depends on it."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language of your text"), choices=settings.LANGUAGES)
    theme = forms.ModelChoiceField(label=_("Theme"), queryset=Theme.objects.all(), to_field_name="slug")
    other_theme = forms.ModelChoiceField(
        label=_("Another theme"), queryset=Theme.objects.all(), to_field_name="slug", required=False
    )
    country = forms.ModelChoiceField(
        label=_("Country"), queryset=Country.objects.all(), to_field_name="iso3", required=False
    )
    constituent_group = forms.ChoiceField(
        label=_("You ask for"), choices=[("", _("No organisation")), *Group.choices], required=False
    )
    visibility = forms.ChoiceField(
        label=_("Who will see this"), choices=Visibility.choices, initial=Visibility.PRIVATE, widget=forms.RadioSelect
    )
    consent = forms.BooleanField(
        label=_("The editors may publish this question and its answer, without names and without what identifies me"),
        required=False,
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        countries = sorted(Country.objects.all(), key=str)
        self.fields["country"].choices = [
            ("", _("No single country")), *((country.iso3, str(country)) for country in countries)
        ]  # fmt: skip
        groups = themes_by_root()
        self.fields["theme"].choices = [("", _("Choose a theme")), *groups]
        self.fields["other_theme"].choices = [("", _("None")), *groups]

    def question(self) -> dict[str, Any]:
        """Return what `submit_question` takes."""
        data = self.cleaned_data
        themes = dict.fromkeys(theme for theme in (data["theme"], data["other_theme"]) if theme)
        return {
            **{name: data[name] for name in ("title", "body", "language", "visibility", "consent")},
            "constituent_group": data["constituent_group"],
            "themes": list(themes),
            "countries": [data["country"]] if data["country"] else [],
        }


class VersionedForm(forms.Form):
    """A form that knows which state of the case it was made for."""

    lock_version = forms.IntegerField(widget=forms.HiddenInput)


class AnswerForm(VersionedForm):
    text = forms.CharField(
        label=_("Your answer"), max_length=MAX_ANSWER, widget=forms.Textarea(attrs={"rows": 14}),
        help_text=format_lazy(
            _("Markdown. Cite the library, the glossary, countries and themes like this: {examples}."),
            examples="[[resource:343]], [[term:17|adverse selection]], [[country:SEN]], [[theme:maternity]]",
        ),
    )  # fmt: skip


class PublishForm(VersionedForm):
    """What everybody will read: free it of names and of what identifies the asker."""

    title = forms.CharField(label=_("Question"), max_length=MAX_TITLE)
    body = forms.CharField(
        label=_("Background"), max_length=MAX_BODY, required=False, widget=forms.Textarea(attrs={"rows": 8})
    )
    answer = forms.CharField(label=_("Answer"), max_length=MAX_ANSWER, widget=forms.Textarea(attrs={"rows": 14}))
    answered_by = forms.CharField(label=_("Answered by"), max_length=120)


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label=_("What has to be changed"), max_length=MAX_COMMENT, widget=forms.Textarea(attrs={"rows": 3})
    )


class CommentForm(forms.Form):
    body = forms.CharField(label=_("Your comment"), max_length=MAX_COMMENT, widget=forms.Textarea(attrs={"rows": 4}))
    audience = forms.ChoiceField(
        label=_("Who will see this"), choices=CommentAudience.choices, initial=CommentAudience.CASE
    )

    def __init__(self, *args: Any, notes: bool, **kwargs: Any) -> None:
        """`notes`: whether the author may write for experts and editors only."""
        super().__init__(*args, **kwargs)
        if not notes:
            self.fields["audience"].choices = CommentAudience.choices[:1]
            self.fields["audience"].widget = forms.HiddenInput()


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, user: User) -> str:
        return user.get_full_name() or user.email  # read by editors only


class AssignForm(VersionedForm):
    expert = PersonField(
        label=_("Expert"), queryset=User.objects.filter(groups__name=EXPERTS, is_active=True).order_by("last_name")
    )
