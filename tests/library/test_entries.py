"""Resources as entries: every change reaches the documents, and nothing unpublished does."""

import pytest

from core.entries import registry
from library.models import Agent, Contribution, Identifier, Resource
from sync.models import Dirty, Document
from taxonomy.models import Country, Theme
from tests.library.factories import organisation, resource, senegal, theme

pytestmark = pytest.mark.django_db


def documents(made: Resource) -> list[Document]:
    return list(Document.objects.filter(key=f"resource:{made.pk}", gone=False, audience="public"))


def document(made: Resource) -> Document:
    (found,) = documents(made)
    return found


def test_a_resource_is_found_by_what_its_record_says(drained):
    systems = theme("systems")
    made = resource(
        "Pensions", subtitle="A guide", abstract="What pays.", authors=["Ong, C. B."], publishers=["Routledge"],
        series="Studies", series_number="GB.303/ESP/2", place="Geneva", date="2015-03", language="fr",
        themes=[theme("old-age", theme("branches")), systems], countries=[senegal()],
        identifiers={"doi": "10.1111/ISSR.1"},
    )  # fmt: skip
    drained()
    found = document(made)
    assert (found.title, found.summary, found.language) == ("Pensions", "What pays.", "fr")
    assert set(found.text.split("\n")) == {"A guide", "Studies", "GB.303/ESP/2", "Geneva", "Ong, C. B.", "Routledge"}
    assert set(found.themes[:2]) == {"old-age", "systems"} and found.themes[2:] == ["branches"]
    assert found.countries == ["SEN"] and found.date.isoformat() == "2015-03-01"
    assert {"doi:10.1111/issr.1", "symbol:gb.303/esp/2"} <= set(found.keys.split())
    assert found.facets == {"type": "report", "byline": "Ong, C. B.", "date": "2015-03", "year": 2015}
    assert found.family == f"work:{made.work_id}" and found.route == ["library:resource", str(made.number)]


@pytest.mark.parametrize(
    ("names", "byline"),
    [
        ({"authors": ["A", "B", "C"]}, "A; B; C"),
        ({"authors": ["A", "B", "C", "D"]}, "A et al."),
        ({"authors": ["A"], "authors_incomplete": True}, "A et al."),
        ({"authors": ["A"], "issuers": ["ILO"]}, "A"),
        ({"issuers": ["ILO", "FAO"], "publishers": ["Routledge"]}, "ILO; FAO"),
        ({}, ""),
    ],
)
def test_byline(drained, names, byline):
    made = resource(**names)
    drained()
    assert document(made).facets["byline"] == byline


@pytest.mark.parametrize(
    ("language", "title", "code", "named"),
    [
        (
            "en", "Social Security (Minimum Standards) Convention, 1952 (No. 102)", "C102",
            {"C102", "ILO Convention 102", "Social Security (Minimum Standards) Convention, 1952"},
        ),
        ("es", "Convenio sobre la seguridad social, 1952 (núm. 102)", "C102", {"C102", "Convenio núm. 102"}),
        ("fr", "Recommandation (n° 202) sur les socles", "R202", {"R202", "Recommandation n° 202"}),
    ],
)  # fmt: skip
def test_an_ilo_instrument_has_names_by_which_texts_mention_it(language, title, code, named):
    made = resource(title, language=language, type="international-instrument", identifiers={"ilo": code})
    source = registry["resource"]
    (entry,) = (entry for row in source.rows([made.pk]) for entry in source.entries(row))
    assert named | {title} <= set(entry.names)
    assert f"ilo:{code.lower()}" in entry.identifiers


def test_other_resources_have_no_names():
    source = registry["resource"]
    assert [entry.names for row in source.rows([resource().pk]) for entry in source.entries(row)] == [()]


def renamed(made: Resource) -> None:
    Agent.objects.filter(name="ILO").update(name="International Labour Organization")


def moved(made: Resource) -> None:
    Theme.objects.filter(slug="branches").update(parent=theme("everything"))


def reslugged(made: Resource) -> None:
    Theme.objects.filter(slug="branches").update(slug="risks")


def recoded(made: Resource) -> None:
    Country.objects.filter(iso3="SEN").update(iso3="SNX")


def retitled(made: Resource) -> None:
    Resource.objects.filter(pk=made.pk).update(title="Another title")


def regrouped(made: Resource) -> None:
    Resource.objects.filter(pk=made.pk).update(work=resource("Other", language="fr").work)


def unthemed(made: Resource) -> None:
    Resource.themes.through.objects.all().delete()


def uncountried(made: Resource) -> None:
    Resource.countries.through.objects.all().delete()


def identified(made: Resource) -> None:
    Identifier.objects.bulk_create(
        [Identifier(resource=made, scheme="doi", raw="10.1111/a", normalised="doi:10.1111/a")]
    )


def issued(made: Resource) -> None:
    Contribution.objects.create(resource=made, role="author", agent=organisation("FAO"))


CHANGES = [renamed, moved, reslugged, recoded, retitled, regrouped, unthemed, uncountried, identified, issued]


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_reaches_the_document(drained, change):
    made = resource(issuers=["ILO"], themes=[theme("old-age", theme("branches"))], countries=[senegal()])
    drained()
    before = document(made).hash
    change(made)
    drained()
    assert document(made).hash != before


def test_a_theme_in_another_respect_changes_nothing():
    resource(themes=[theme("old-age")])
    Dirty.objects.all().delete()
    Theme.objects.update(name_en="Pensions")
    assert not Dirty.objects.filter(key__startswith="resource:").exists()


def test_a_moved_theme_touches_what_is_filed_four_levels_down():
    top = theme("one")
    bottom = theme("four", theme("three", theme("two", top)))
    made = resource(themes=[bottom])
    Dirty.objects.all().delete()
    Theme.objects.filter(pk=top.pk).update(slug="uno")
    assert Dirty.objects.filter(key=f"resource:{made.pk}", cause="fanout").exists()


def test_unpublishing_and_deleting_take_the_document_away(drained):
    first, second = resource(), resource()
    drained()
    assert documents(first) and documents(second)
    Resource.objects.filter(pk=first.pk).update(live=False)
    pk = second.pk
    second.delete()
    drained()
    assert not documents(first) and not Document.objects.filter(key=f"resource:{pk}", gone=False).exists()


def test_a_draft_of_a_published_resource_is_not_told(drained):
    made = resource("Published")
    made.title = "Not yet"
    made.save_revision()
    drained()
    assert document(made).title == "Published"


def test_rows_take_few_statements_whatever_their_number(django_assert_max_num_queries):
    pks = [resource(issuers=["ILO"], themes=[theme("old-age")]).pk for _ in range(30)]
    source = registry["resource"]
    with django_assert_max_num_queries(8):
        assert len([entry for row in source.rows(pks) for entry in source.entries(row)]) == 30
