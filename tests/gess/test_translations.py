"""The catalogues of the interface: whole, and written as each language is written."""

import re
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.utils.translation import override

from qa.forms import AnswerForm

LOCALE = Path(__file__).resolve().parents[2] / "locale"
LANGUAGES = ("es", "fr")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
TAG = re.compile(r"</?\w[^>]*>")
ADDRESS = re.compile(r"\w+://\S+|\b[a-z]+:\d+\b")  # and keys: term:58


def catalogue(language: str, text: bytes | None = None) -> Catalog:
    text = (LOCALE / language / "LC_MESSAGES" / "django.po").read_bytes() if text is None else text
    return read_po(BytesIO(text), locale=language, abort_invalid=True)


def entries(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def prose(text: str) -> str:
    """Return what a reader reads: marks inside addresses, keys, tags, entities and placeholders are no punctuation."""
    for pattern in (ADDRESS, TAG, PLACEHOLDER):
        text = pattern.sub("x", text)
    return unescape(text)


def french(text: str) -> list[str]:
    faults = ["no no-break space before ; : ? !"] if re.search("(?<![\u00a0\u202f])[;:?!]", text) else []
    if re.search("«(?![\u00a0\u202f])|(?<![\u00a0\u202f])»", text):
        faults.append("no no-break space inside « »")
    return faults


def spanish(text: str) -> list[str]:
    paired = text.count("¿") == text.count("?") and text.count("¡") == text.count("!")
    return [] if paired else ["¿? or ¡! not paired"]


STYLE = {"es": spanish, "fr": french}


def faults(message: Message, catalog: Catalog) -> list[str]:
    """Return what is wrong with an entry."""
    sources, translated = forms(message.id), forms(message.string)
    if message.fuzzy or not all(text.strip() for text in translated):
        return ["fuzzy" if message.fuzzy else "not translated"]
    found = []
    if message.pluralizable and len(translated) != catalog.num_plurals:
        found.append(f"{len(translated)} forms instead of {catalog.num_plurals}")
    for text in translated:
        for name, pattern in (("placeholders", PLACEHOLDER), ("tags", TAG)):
            if sorted(pattern.findall(text)) not in [sorted(pattern.findall(source)) for source in sources]:
                found.append(f"other {name}: {text}")
        found += STYLE[str(catalog.locale)](prose(text))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_is_translated_and_well_written(language):
    catalog = catalogue(language)
    assert entries(catalog)
    assert {str(message.id): found for message in entries(catalog) if (found := faults(message, catalog))} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_headers_name_the_language_and_its_plurals(language):
    headers = dict(catalogue(language).mime_headers)
    assert headers["Project-Id-Version"].strip() == "GESS"
    assert headers["Language"] == language
    assert (
        headers["Plural-Forms"]
        == {
            "es": "nplurals=2; plural=(n != 1);",
            "fr": "nplurals=2; plural=(n > 1);",
        }[language]
    )


def test_both_languages_translate_the_same_entries():
    spanish_ids, french_ids = ({(m.context, str(m.id)) for m in entries(catalogue(code))} for code in LANGUAGES)
    assert spanish_ids == french_ids


HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
PLURAL = 'msgid "%(n)s page"\nmsgid_plural "%(n)s pages"\n'


@pytest.mark.parametrize(
    ("language", "entry", "said"),
    [
        ("fr", 'msgid "Search"\nmsgstr ""', "not translated"),
        ("fr", '#, fuzzy\nmsgid "Library"\nmsgstr "Librairie"', "fuzzy"),
        ("fr", 'msgid "By %(name)s"\nmsgstr "Par %(nom)s"', "placeholders"),
        ("fr", 'msgid "By {name}"\nmsgstr "Par"', "placeholders"),
        ("fr", 'msgid "<b>New</b>"\nmsgstr "<i>Nouveau</i>"', "tags"),
        ("fr", 'msgid "Source:"\nmsgstr "Source :"', "before ;"),
        ("fr", 'msgid "“x”"\nmsgstr "«x»"', "inside «"),
        ("fr", PLURAL + 'msgstr[0] "%(n)s page"\nmsgstr[1] ""', "not translated"),
        ("es", 'msgid "New?"\nmsgstr "Nuevo?"', "not paired"),
    ],
)
def test_mistakes_are_found(language, entry, said):
    catalog = catalogue(language, (HEADER + entry + "\n").encode())
    (message,) = entries(catalog)
    assert said in " ".join(faults(message, catalog))


@pytest.mark.parametrize(
    ("language", "entry"),
    [
        ("fr", 'msgid "Sort:"\nmsgstr "Trier\u202f:"'),
        ("fr", 'msgid "See https://x.org/?q=1"\nmsgstr "Voir https://x.org/?q=1"'),
        ("fr", 'msgid "Keys: term:58"\nmsgstr "Clés\u202f: term:58"'),
        ("fr", PLURAL + 'msgstr[0] "%(n)s page"\nmsgstr[1] "%(n)s pages"'),
        ("es", 'msgid "New?"\nmsgstr "¿Nuevo?"'),
    ],
)
def test_good_entries_pass(language, entry):
    catalog = catalogue(language, (HEADER + entry + "\n").encode())
    (message,) = entries(catalog)
    assert faults(message, catalog) == []


def test_help_with_examples_speaks_the_readers_language():
    with override("fr"):
        told = str(AnswerForm().fields["text"].help_text)
    assert told.startswith("Markdown. Citez")
    assert "[[country:SEN]]" in told
