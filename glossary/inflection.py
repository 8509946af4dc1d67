"""Plurals of terms in English, French and Spanish, by rule: what texts may write instead of the headword.

Rules know the shape of words, not their meaning: what comes out are proposals for editors. Of a phrase the head is
inflected (in French and Spanish with the adjectives that agree with it), and what depends on the head stays:
"degree of incapacity" gives "degrees of incapacity", "régime de retraite" "régimes de retraite".
"""

import re
from collections.abc import Callable, Mapping

_PREPOSITIONS = {
    "en": "of for in to on by with at from per without under against between through during and or".split(),
    "fr": "de du des à au aux pour par en sur contre sans avec selon entre dans sous hors et ou".split(),
    "es": "de del a al por para en con sin sobre contra según entre bajo y e o u".split(),
}
# After a noun these stay as they are: nouns in apposition, adverbs.
_UNCHANGED = {
    "fr": frozenset(
        "accident carrière chômage clé décès famille invalidité maladie maternité naissance non parent paternité pilote"
        " plafond plancher quasi retraite santé vie vieillesse".split()
    ),
    "es": frozenset("clave límite no piloto tope".split()),
}
_ENGLISH = {
    "basis": "bases", "child": "children", "criterion": "criteria", "datum": "data", "foot": "feet", "half": "halves",
    "index": "indices", "knife": "knives", "leaf": "leaves", "life": "lives", "man": "men", "person": "persons",
    "self": "selves", "shelf": "shelves", "wife": "wives", "woman": "women",
}  # fmt: skip
_FRENCH = {
    **dict.fromkeys(["banal", "bancal", "bal", "carnaval", "fatal", "festival", "final", "natal", "naval"], "s"),
    **dict.fromkeys(["bijou", "caillou", "chou", "genou", "hibou", "joujou", "pou"], "x"),
    **dict.fromkeys(["bleu", "pneu", "landau"], "s"),
}
_FRENCH_AIL = frozenset(["bail", "corail", "émail", "soupirail", "travail", "vantail", "vitrail"])
_SPANISH = {"régimen": "regímenes", "espécimen": "especímenes", "carácter": "caracteres"}
_ACUTE, _PLAIN = "áéíóú", "aeiou"
_PREFIXES = frozenset("auto co macro micro mini multi sous sub".split())  # before a hyphen: the second part is the noun
_OWN = {"son": "leur", "sa": "leur", "ses": "leurs"}  # travailleur à son compte, travailleurs à leur compte
_BARE = str.maketrans(_ACUTE, _PLAIN)


def plurals(text: str, language: str, abbreviation: bool = False) -> list[str]:
    """Return the plural of a singular term; nothing for what has none of its own or for other languages."""
    inflect = _INFLECT.get(language)
    if inflect is None or not text.strip():
        return []
    if abbreviation:
        return [f"{text}s"] if language == "en" and text[-1:].isupper() else []
    found = inflect(text)
    return [] if found == text else [found]


def singulars(text: str, language: str) -> list[str]:
    """Return the singular of an English term that is headed in the plural; nothing for other languages."""
    if language != "en":
        return []
    head, rest = _split_head(text, "en")
    before, word = _last_word(head)
    for ending, replacement in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return [before + word.removesuffix(ending) + replacement + rest]
    if word.endswith("s") and not word.endswith(("ss", "us", "is", "ics")):
        return [before + word[:-1] + rest]
    return []


def _split_head(text: str, language: str) -> tuple[str, str]:
    """Divide a term before its first preposition or conjunction that is not its first word."""
    prepositions = _PREPOSITIONS[language]
    for word in re.finditer(r"\S+", text):
        first = re.split("[’']", word.group().lower())[0]
        if word.start() and (first in prepositions or (language == "fr" and first == "d")):
            return text[: word.start()].rstrip(), text[len(text[: word.start()].rstrip()) :]
    return text, ""


def _last_word(text: str) -> tuple[str, str]:
    start = max(text.rfind(" "), text.rfind("-")) + 1
    return text[:start], text[start:]


def _english(text: str) -> str:
    head, rest = _split_head(text, "en")
    before, word = _last_word(head)
    return before + _english_word(word) + rest


def _english_word(word: str) -> str:
    if not word.isalpha() or word.endswith(("ics", "ies")):
        return word
    if word in _ENGLISH:
        return _ENGLISH[word]
    if word.endswith("sis"):
        return word[:-2] + "es"
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in tuple("aeiou"):
        return word[:-1] + "ies"
    return word + "s"


def _french(text: str) -> str:
    head, rest = _split_head(text, "fr")
    owned = " ".join(_OWN.get(word, word) for word in rest.split(" "))
    return _agreeing(head, "fr", _french_word) + owned


def _french_word(word: str) -> str:
    if word.endswith(("s", "x", "z")):
        return word
    if word in _FRENCH:
        return word + _FRENCH[word]
    if word.endswith("al"):
        return word[:-1] + "ux"
    if word in _FRENCH_AIL:
        return word[:-2] + "ux"
    return word + ("x" if word.endswith(("au", "eu")) else "s")


def _spanish(text: str) -> str:
    return _agreeing(text, "es", _spanish_word)


def _spanish_word(word: str) -> str:
    if word in _SPANISH:
        return _SPANISH[word]
    vowels = [place for place, char in enumerate(word) if char in _PLAIN + _ACUTE + "ü"]
    if not vowels:
        return word
    last = word[-1]
    if last in "aeiouáéó":
        return word + "s"
    if last in "íú":
        return word + "es"
    stressed = word[vowels[-1]] in _ACUTE
    is_hiatus = stressed and len(vowels) > 1 and vowels[-2] == vowels[-1] - 1 and word[vowels[-1]] in "íú"
    if last == "s" and not stressed and len(vowels) > 1:
        return word  # crisis, análisis, jueves
    stem = word if is_hiatus or last not in "nsz" else word[: vowels[-1]] + word[vowels[-1] :].translate(_BARE)
    if last == "n" and len(vowels) > 1 and not any(char in _ACUTE for char in word):
        place = vowels[-2]  # examen, exámenes: the stress stays where it was
        stem = stem[:place] + stem[place].translate(str.maketrans(_PLAIN, _ACUTE)) + stem[place + 1 :]
    return (stem[:-1] + "c" if last == "z" else stem) + "es"


def _agreeing(text: str, language: str, inflect: Callable[[str], str]) -> str:
    """Inflect the words before the first preposition: the noun and the adjectives that follow it."""
    head, rest = _split_head(text, language)
    words = head.split(" ")
    kept = _UNCHANGED[language]
    return (
        " ".join([word if word in kept and place else _one(word, inflect) for place, word in enumerate(words)]) + rest
    )


def _one(word: str, inflect: Callable[[str], str]) -> str:
    """Inflect what is a plain word; abbreviations, numbers and most compounds with hyphens stay."""
    before, hyphen, after = word.rpartition("-")
    if hyphen and before in _PREFIXES:
        return before + hyphen + inflect(after)
    return inflect(word) if word.isalpha() and not word.isupper() else word


_INFLECT: Mapping[str, Callable[[str], str]] = {"en": _english, "fr": _french, "es": _spanish}
