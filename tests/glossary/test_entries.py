"""Concepts as entries: every change reaches the documents; drafts reach only staff; texts link terms and their forms."""

import pytest

from core.entries import registry
from glossary.models import Concept, Designation, LanguageSection, SurfaceForm
from links.models import Link, Name
from sync.models import Dirty, Document
from taxonomy.models import Country, Theme
from tests.glossary.factories import concept, pension, section, word
from tests.library.factories import resource, senegal, theme
from tests.pages.factories import country_page, text

pytestmark = pytest.mark.django_db


def documents(made: Concept, audience: str = "public") -> dict[str, Document]:
    found = Document.objects.filter(key=f"term:{made.pk}", gone=False, audience=audience)
    return {document.language: document for document in found}


def entries(made: Concept) -> dict:
    source = registry["term"]
    return {entry.language: entry for row in source.rows([made.pk]) for entry in source.entries(row)}


def test_each_validated_language_is_an_entry(drained):
    old_age = theme("old-age", theme("branches"))
    made = concept(
        section("en", word("pension", qualifier="old age"), "annuity", note="A note.", example="An example."),
        section("fr", "pension de vieillesse"),
        themes=[old_age], countries=[senegal()],
    )  # fmt: skip
    drained()
    found = documents(made)
    assert set(found) == {"en", "fr"} and {each.family for each in found.values()} == {f"term:{made.pk}"}
    english = found["en"]
    assert (english.title, english.summary) == ("pension (old age)", "what pension (old age) means")
    assert set(english.text.split("\n")) == {"A note.", "An example.", "annuity"}
    assert english.themes == ["old-age", "branches"] and english.countries == ["SEN"] and english.weight == 1.2
    assert english.facets == {"state": "validated", "equivalents": [["fr", "pension de vieillesse"]]}
    assert english.route == ["glossary:term", "pension", str(made.number)]
    assert registry["term"].metadata(english.facets) == ["fr pension de vieillesse"]


def test_names_and_aliases():
    made = concept(
        section(
            "en",
            word("pension", ["pensions", SurfaceForm(text="pensione", enabled=False)], qualifier="old age"),
            word("annuity", ["annuities"], status="deprecated"),
            word("PEN", ["PENs"], kind="acronym", status="admitted", link_mode="never"),
            word("penshun", kind="search_only", status="admitted"),
            word("retirement pay", status="proposed"),
        )
    )
    entry = entries(made)["en"]
    assert entry.names == ("pension", "pensions", "annuity", "annuities")
    assert entry.aliases == ("PEN", "PENs", "penshun")


CANARY = "canary"


@pytest.mark.parametrize(
    ("make", "audience"),
    [
        (lambda: concept(CANARY), "public"),
        (lambda: concept(CANARY, status="deprecated", reason="Too wide."), "public"),
        (lambda: concept(CANARY, draft=True), "staff"),
        (lambda: concept(CANARY, status="draft"), "staff"),
        (lambda: concept(section("en", CANARY, state="draft")), "staff"),
        (lambda: concept(section("en", CANARY, state="missing")), None),
        (lambda: concept(section("en", CANARY, state="no_equivalent")), None),
        (lambda: concept(section("en", word(CANARY, status="admitted"))), None),
        (lambda: concept(CANARY, live=False), None),
    ],
)
def test_who_sees_what(drained, make, audience, visitor, member, editor, client, member_client, editor_client):
    made = make()
    drained()
    assert bool(documents(made)) is (audience == "public")
    assert bool(documents(made, "staff")) is (audience is not None)
    for user, browser, sees in (
        (visitor, client, audience == "public"),
        (member, member_client, audience == "public"),
        (editor, editor_client, audience is not None),
    ):
        assert Concept.objects.visible_to(user).filter(pk=made.pk).exists() is sees
        assert made.is_visible_to(user) is sees
        for address in (f"/en/glossary/{CANARY}-{made.number}/", f"/en/glossary/{made.number}/popover/", f"/api/v1/terms/{made.number}/"):  # fmt: skip
            assert (browser.get(address).status_code == 200) is sees, address
        assert (CANARY in browser.get("/en/glossary/").content.decode()) is sees
        assert (CANARY in browser.get("/api/v1/terms/").content.decode()) is sees


def test_a_draft_language_of_a_public_concept_is_the_staffs(drained, client, editor_client):
    made = concept("pension", section("fr", CANARY, state="reviewed"))
    drained()
    assert set(documents(made)) == {"en"} and set(documents(made, "staff")) == {"en", "fr"}
    for address in (f"/en/glossary/pension-{made.number}/", "/en/glossary/", "/fr/glossary/", f"/api/v1/terms/{made.number}/"):  # fmt: skip
        assert CANARY not in client.get(address).content.decode()
        assert CANARY in editor_client.get(address).content.decode()
    page = client.get(f"/en/glossary/pension-{made.number}/").content.decode()
    assert "No French yet" in page and "No Spanish yet" in page


def defined(made: Concept) -> None:
    LanguageSection.objects.update(definition="something else")


def renamed(made: Concept) -> None:
    Designation.objects.update(text="other")


def silenced(made: Concept) -> None:
    Designation.objects.update(link_mode="never")


def inflected(made: Concept) -> None:
    SurfaceForm.objects.update(text="others")


def disabled(made: Concept) -> None:
    SurfaceForm.objects.update(enabled=False)


def deprecated(made: Concept) -> None:
    Concept.objects.update(status="deprecated")


def moved(made: Concept) -> None:
    Theme.objects.filter(slug="branches").update(parent=theme("everything"))


def reslugged(made: Concept) -> None:
    Theme.objects.filter(slug="branches").update(slug="risks")


def recoded(made: Concept) -> None:
    Country.objects.update(iso3="SNX")


def unthemed(made: Concept) -> None:
    Concept.themes.through.objects.all().delete()


def uncountried(made: Concept) -> None:
    Concept.countries.through.objects.all().delete()


def invalidated(made: Concept) -> None:
    LanguageSection.objects.filter(language="fr").update(state="draft")


def derived(made: Concept) -> tuple[set, set]:
    """Return what the projection made of the concept: its documents and the names that texts link."""
    names = Name.objects.filter(key=f"term:{made.pk}", mention=True)
    return {document.hash for document in documents(made).values()}, set(names.values_list("phrase", flat=True))


CHANGES = [
    defined, renamed, silenced, inflected, disabled, deprecated, moved, reslugged, recoded, unthemed, uncountried,
    invalidated,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_reaches_the_documents(drained, change):
    made = pension(themes=[theme("old-age", theme("branches"))], countries=[senegal()])
    drained()
    before = derived(made)
    change(made)
    drained()
    assert derived(made) != before


def test_a_deleted_form_or_section_reaches_them_too(drained):
    made = pension()
    drained()
    SurfaceForm.objects.filter(designation__language="en").delete()
    assert Dirty.objects.filter(key=f"term:{made.pk}").exists()
    drained()
    LanguageSection.objects.filter(language="es").delete()
    drained()
    assert set(documents(made)) == {"en", "fr"}


@pytest.mark.parametrize(
    ("language", "text", "href"),
    [
        ("en", "Old-age pensions cost more.", ">Old-age pensions</a>"),
        ("fr", "Le montant des pensions de vieillesse.", ">pensions de vieillesse</a>"),
        ("es", "Las pensiones de vejez no bastan.", ">pensiones de vejez</a>"),
        ("es", "Old-age pensions no es español.", None),
    ],
)
def test_texts_link_terms_by_their_forms(drained, client, language, text, href):
    made = pension()
    source = resource("Report", language=language, abstract=text)
    drained()
    page = client.get(f"/en/library/{source.number}/").content.decode()
    if href is None:
        assert 'class="term"' not in page
        return
    link = f'<a class="term" href="/en/glossary/old-age-pension-{made.number}/"'
    assert link in page and href in page
    term = client.get(f"/en/glossary/old-age-pension-{made.number}/").content.decode()
    assert f"/en/library/{source.number}/" in term and "Resources <span" in term


def test_a_term_links_others_in_its_definition_and_never_itself(drained, client):
    benefit = concept(section("en", "benefit", definition="what a pension or another benefit pays"))
    other = concept("pension")
    drained()
    page = client.get(f"/en/glossary/benefit-{benefit.number}/").content.decode()
    assert f'<a class="term" href="/en/glossary/pension-{other.number}/"' in page
    assert f'class="term" href="/en/glossary/benefit-{benefit.number}/"' not in page


def test_a_new_form_links_texts_that_are_there_already(drained, client):
    made = concept(section("fr", "régime"))
    source = resource("Rapport", language="fr", abstract="Les régimes coûtent.")
    drained()
    address = f"/fr/library/{source.number}/"
    assert 'class="term"' not in client.get(address).content.decode()
    SurfaceForm.objects.create(designation=Designation.objects.get(), text="régimes")
    assert ">régimes</a>" in client.get(address).content.decode()
    drained()
    assert Link.objects.filter(source=f"resource:{source.pk}", target=f"term:{made.pk}", how="mention").exists()


def test_rows_take_a_bounded_number_of_statements(django_assert_max_num_queries):
    made = [concept(f"term {number}") for number in range(12)]
    with django_assert_max_num_queries(7):
        assert len(list(registry["term"].rows([each.pk for each in made]))) == 12


def test_country_pages_link_terms_too(drained, client):
    made = pension()
    country_page("SEN", body=[text("Reforms", "<p>Old-age pensions came first.</p>")])
    drained()
    page = client.get("/en/countries/sen/").content.decode()
    assert f'<a class="term" href="/en/glossary/old-age-pension-{made.number}/"' in page
    assert "/en/countries/sen/" in client.get(f"/en/glossary/old-age-pension-{made.number}/").content.decode()
