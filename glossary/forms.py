"""The form of the editors' screen: a concept with its languages, terms and forms, checked as one."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.forms import ModelForm
from wagtail.admin.forms import WagtailAdminModelForm

from glossary import rules
from glossary.models import Concept
from glossary.models.concepts import default_scheme
from glossary.proposals import propose


class ConceptForm(WagtailAdminModelForm):
    """Checks what its parts only show together; what is wrong stands above the form. Saving proposes inflections."""

    def is_valid(self) -> bool:
        if not super().is_valid():
            return False
        for problem in self._problems():
            self.add_error(None, problem)
        return not self.errors

    def save(self, commit: bool = True) -> Concept:
        """Save the concept with the forms that the rules propose for its terms, for editors to look at next time."""
        concept = super().save(commit=False)
        for section in concept.sections.all():
            for word in section.designations.all():
                propose(word, section.language)
        if commit:
            concept.save()
            self._save_m2m()
        return concept

    def _problems(self) -> Iterator[str]:
        number = self.instance.number
        concept = {**self.cleaned_data, "number": number, "sections": dict(self._sections())}
        yield from rules.within(concept)
        yield from rules.homonyms(concept, default_scheme())
        own = [(data["target"].pk, data["kind"]) for _form, data in filled(self.formsets["relations"].forms)]
        yield from rules.between(self.instance.pk, own, rules.all_edges())

    def _sections(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for form, data in filled(self.formsets["sections"].forms):
            designations = [word for _form, word in filled(form.formsets["designations"].forms)]
            yield data["language"], {**data, "designations": designations}


def filled(forms: Iterable[ModelForm]) -> Iterator[tuple[ModelForm, dict[str, Any]]]:
    """Yield the forms that will be saved, with what they say."""
    for form in forms:
        data = getattr(form, "cleaned_data", {})
        if data and not data.get("DELETE") and (form.instance.pk or form.has_changed()):
            yield form, data
