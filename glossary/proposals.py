"""Inflected forms that the rules propose for a designation, as rows that editors put in use or take out of it."""

from glossary.choices import DesignationKind, GrammaticalNumber, Origin, PartOfSpeech
from glossary.inflection import plurals, singulars
from glossary.models import Designation, SurfaceForm

ABBREVIATED = frozenset({DesignationKind.ABBREVIATION, DesignationKind.ACRONYM})


def proposals(word: Designation, language: str) -> list[str]:
    """Return the forms of a designation by the rules of its language; only nouns have any."""
    if word.pos != PartOfSpeech.NOUN:
        return []
    if word.number == GrammaticalNumber.PLURAL:
        return singulars(word.text, language)
    return plurals(word.text, language, word.kind in ABBREVIATED)


def propose(word: Designation, language: str) -> list[SurfaceForm]:
    """Add the forms that the designation does not have yet, in memory, and return them.

    They are in use at once only where they can hardly mean something else: terms of two words and more, of which nobody
    gave any form. Where somebody gave some, that list counts until an editor adds to it; one-word plurals ("claims",
    "risques") wait for an editor, too.
    """
    present = list(word.forms.all())
    known = {word.text, *(form.text for form in present)}
    untouched = all(form.origin == Origin.AUTO for form in present)
    enabled = untouched and len(word.text.split()) > 1
    texts = [text for text in proposals(word, language) if text not in known and len(text) <= 200]
    made = [SurfaceForm(text=text, origin=Origin.AUTO, enabled=enabled) for text in texts]
    if made:
        word.forms = [*present, *made]
    return made
