"""How texts call an ILO Convention or Recommendation, in the languages in which we hold its editions."""

import re

# What stands before the number: each language's noun, and its ways to write "No.". A matcher ignores signs and case.
CONVENTION = {
    "ar": ("الاتفاقية",),
    "de": ("Übereinkommen",),
    "en": ("Convention",),
    "es": ("Convenio",),
    "fr": ("Convention",),
    "pt": ("Convenção",),
    "ru": ("Конвенция",),
}
RECOMMENDATION = {
    "ar": ("التوصية",),
    "de": ("Empfehlung",),
    "en": ("Recommendation",),
    "es": ("Recomendación",),
    "fr": ("Recommandation",),
    "pt": ("Recomendação",),
    "ru": ("Рекомендация",),
}
NUMERO = {
    "ar": ("رقم",),
    "de": ("Nr.",),
    "en": ("No.",),
    "es": ("núm.", "n.º", "N°"),
    "fr": ("no", "n°"),
    "pt": ("n.º", "n°"),
    "ru": ("№", "N"),
}
BODY = {"en": "ILO", "es": "de la OIT", "fr": "de l’OIT", "pt": "da OIT"}
NUMBER = re.compile(r"\s*\((?:No\.|núm\.|n°|N|№|n\.º)\s*[0-9]+\)")


def instrument_names(code: str, title: str, language: str) -> list[str]:
    """Return the phrases that mean an instrument: ``c102`` gives C102, Convention No. 102, ILO Convention 102, …

    `title` is that of the edition: without its number in parentheses it is a phrase too.
    """
    language = language.partition("-")[0]
    number = code[1:]
    names = [code.upper()]
    bare = NUMBER.sub("", title).strip()
    if bare and bare != title:
        names.append(bare)
    nouns = (CONVENTION if code[0] == "c" else RECOMMENDATION).get(language, ())
    for noun in nouns:
        names += [f"{noun} {sign} {number}" for sign in NUMERO[language]]
        names.append(f"{noun} {number}")
        if body := BODY.get(language):
            full = f"{body} {noun}" if language == "en" else f"{noun} {body}"
            names += [f"{full} {number}", *(f"{full} {sign} {number}" for sign in NUMERO[language])]
    return names
