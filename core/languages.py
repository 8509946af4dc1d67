"""Languages by BCP 47 tag: their names in the reader's language, and their direction of writing."""

from functools import lru_cache

from babel import Locale
from babel.core import parse_locale
from django.utils.translation import get_language

RTL_LANGUAGES = frozenset("ar arc ckb dv fa he ks ps sd ug ur yi".split())
RTL_SCRIPTS = frozenset("adlm arab hebr mand nkoo rohg syrc thaa".split())


def language_name(tag: str) -> str:
    """Return the name of a language: "pt-BR" is "Portuguese (Brazil)" in English; "" and unknown tags stay."""
    return _name_in(tag, get_language() or "en")


@lru_cache(maxsize=2_000)
def _name_in(tag: str, reader: str) -> str:
    try:
        language, territory, script, *_ = parse_locale(tag, sep="-")
        interface = Locale.parse(reader, sep="-")
    except ValueError:
        return tag
    name = interface.languages.get(language, language)
    details = [interface.scripts.get(script or ""), interface.territories.get(territory or "")]
    extra = ", ".join(detail for detail in details if detail)
    return f"{name} ({extra})" if extra else name


def direction(tag: str) -> str:
    """Return "rtl" or "ltr": the script decides if it is named, else the language."""
    language, *subtags = (tag or "").lower().split("-")
    script = next((subtag for subtag in subtags if len(subtag) == 4), None)
    return "rtl" if (script in RTL_SCRIPTS if script else language in RTL_LANGUAGES) else "ltr"
