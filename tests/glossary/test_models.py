"""Numbers, what the database refuses, and the order of words."""

import pytest
from django.db import IntegrityError, transaction

from glossary.collation import initial, sort_key
from glossary.models import Concept, Designation, LanguageSection, Numbering
from tests.glossary.factories import concept, section, word

pytestmark = pytest.mark.django_db


def test_numbers_are_never_given_again():
    first, second = concept("benefit"), concept("claim")
    assert second.number == first.number + 1
    last = second.number
    second.delete()
    assert concept("scheme").number == last + 1
    concept("fund", number=500).delete()
    assert concept("risk").number == 501 and Numbering.objects.count() == 1


@pytest.mark.parametrize(
    "made",
    [
        lambda: concept("benefit", status="good"),
        lambda: concept(section("en", "benefit", state="finished")),
        lambda: concept(section("en", "benefit", definition="")),
        lambda: concept(section("en", "benefit", definition_source="")),
        lambda: concept("benefit", section("en", "allowance")),
        lambda: concept(section("en", "benefit", word("allowance"))),
        lambda: concept(section("en", "benefit", word("allowance", status="good"))),
        lambda: concept("Social  INSURANCE"),
    ],
)
def test_the_database_refuses(made):
    concept("social insurance")
    with pytest.raises(IntegrityError), transaction.atomic():
        made()
    assert Concept.objects.count() == 1


def test_a_region_or_a_qualifier_makes_a_difference():
    concept(section("en", "benefit", word("allowance", region="GB")))
    concept(section("en", word("benefit", qualifier="tax")))
    concept(section("fr", "benefit"))
    assert Concept.objects.count() == 3


@pytest.mark.parametrize("first", [0, 1])
def test_preference_passes_from_one_form_to_another(first):
    made = concept(section("en", "benefit", "allowance"))
    one = made.sections.get()
    words = sorted(one.designations.all(), key=lambda each: each.text)
    for each in words:
        each.status = "admitted" if each.status == "preferred" else "preferred"
    one.designations = words if first else words[::-1]
    made.sections = [one]
    made.save()
    assert LanguageSection.objects.get().head.text == "allowance"
    assert Designation.objects.get(text="benefit").status == "admitted"


def test_saving_a_section_alone_leaves_its_words():
    made = concept(section("en", "benefit", "allowance"))
    LanguageSection.objects.get().save()
    made.refresh_from_db()
    assert LanguageSection.objects.get().head.text == "benefit"


@pytest.mark.parametrize(
    ("language", "ordered"),
    [
        ("es", ["cuna", "cunas", "cuña", "cuota"]),
        ("en", ["cuna", "cuña", "cunas", "cuota"]),
        ("fr", ["cote", "Cote", "côté", "cotisation", "œuvre", "ouvrier"]),
        ("es", ["seguro de desempleo", "seguro social", "seguros"]),
        ("en", ["old age", "old-age pension", "older worker", "«open»"]),
    ],
)
def test_words_sort_as_their_language_does(language, ordered):
    reverse = ordered[::-1]
    assert sorted(reverse, key=lambda text: sort_key(text, language)) == ordered


@pytest.mark.parametrize(
    ("text", "language", "letter"),
    [("ñandú", "es", "Ñ"), ("ñandú", "fr", "N"), ("État", "fr", "E"), ("œuvre", "fr", "O"), ("«cuota»", "es", "C"), ("5 % rule", "en", "0–9")],
)  # fmt: skip
def test_letter(text, language, letter):
    assert initial(text, language) == letter
