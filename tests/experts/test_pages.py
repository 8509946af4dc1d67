"""The list and the CV: what is shown, filters and their counts, pages, addresses, statements."""

import re

import pytest
from django.conf import settings

from experts.choices import Level, Mastery, Purpose, State
from experts.models import Education, Employment, Expertise, ExpertProfile, LanguageSkill, ProfileText
from library.models import Resource
from links.models import Link
from tests.experts.factories import agree, assignment, expert, jordan, sample, senegal, theme
from tests.library.factories import resource

pytestmark = pytest.mark.django_db
MOST = 8  # statements of a page for a visitor
CONTACT = re.compile(r"mailto:|tel:|[\w.]+@[\w.]+\w")


def names(response) -> list[str]:
    return [item.title for item in response.context["items"]]


def option_counts(response, name: str) -> dict[str, int]:
    facet = next(facet for facet in response.context["facets"] if facet["name"] == name)
    return {option["value"]: option["count"] for option in facet["options"]}


def skill(language: str, level: str = "", **fields) -> LanguageSkill:
    if not level:
        return LanguageSkill(language=language, mother_tongue=True, **fields)
    return LanguageSkill(language=language, listening=level, writing=level, **fields)


@pytest.fixture
def people() -> dict[str, ExpertProfile]:
    branches = theme("branches")
    old_age, maternity = theme("old-age", branches), theme("maternity", branches)
    senegal(), jordan()
    about = {
        name: [assignment(countries=[code], topics=[f"theme:{each.pk}"])]
        for name, code, each in (("awa", "SEN", maternity), ("rula", "JOR", old_age))
    }
    return {
        "awa": expert("Awa", assignments=about["awa"], languages=[skill("fr"), skill("en", "B2")],
                      confirmed_days_ago=90),
        "rula": sample("Rula", assignments=about["rula"], languages=[skill("ar"), skill("en", "C1")],
                       confirmed_days_ago=5),
        "zoe": expert("Zoé", languages=[skill("fr", "A2")], confirmed_days_ago=40,
                      texts=[ProfileText(language="fr", headline="Aide")]),
        "hidden": expert("Hidden", level=Level.MANAGERS, assignments=[assignment(countries=["SEN"])]),
        "draft": expert("Draft", state=State.SUBMITTED),
    }  # fmt: skip


# --- The list --------------------------------------------------------------------------------------------------------
def test_the_list_shows_whom_the_reader_may_know(client, member_client, editor_client, people, drained):
    for reader in (client, member_client, editor_client):
        response = reader.get("/en/experts/")
        assert names(response) == ["Awa", "Rula", "Zoé"] and response.context["count"] == 3
    assert "Sample" in response.context["items"][1].metadata
    assert b"are invented" in response.content


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("theme=branches", ["Awa", "Rula"]),
        ("theme=maternity&theme=old-age", ["Awa", "Rula"]),
        ("country=sen", ["Awa"]),
        ("region=arab-states", ["Rula"]),
        ("region=africa&theme=old-age", []),
        ("language=fr", ["Awa", "Zoé"]),
        ("language=fr&level=B1", ["Awa"]),
        ("language=en&level=C1", ["Rula"]),
        ("language=en&language=fr&level=C1", ["Awa", "Rula"]),
        ("level=C2&level=B2", ["Awa", "Rula"]),
        ("level=nonsense", ["Awa", "Rula", "Zoé"]),
        ("language=xx", []),
        ("sort=confirmed", ["Rula", "Zoé", "Awa"]),
        ("sort=nonsense", ["Awa", "Rula", "Zoé"]),
    ],
)
def test_filters(client, people, query, found):
    response = client.get(f"/en/experts/?{query}")
    assert names(response) == found and response.context["count"] == len(found)


def test_counts_say_what_each_option_would_leave(client, people):
    response = client.get("/en/experts/?language=fr&level=B1")
    assert option_counts(response, "language") == {"fr": 1, "en": 2, "ar": 1}
    assert option_counts(response, "level") == {"A1": 2, "A2": 2, "B1": 1, "B2": 1, "C1": 1, "C2": 1}
    assert option_counts(response, "region") == {"africa": 1}
    assert option_counts(response, "theme") == {"maternity": 1, "branches": 1}
    chips = response.context["chips"]
    assert [(label, value) for label, value, _ in chips] == [
        ("Language", "French"), ("Least level of the language", "B1 or better"),
    ]  # fmt: skip
    assert names(client.get(f"/en/experts/{chips[1][2]}")) == ["Awa", "Zoé"]
    for name in ("language", "region", "theme", "country", "level"):
        for value, count in option_counts(client.get("/en/experts/"), name).items():
            assert client.get(f"/en/experts/?{name}={value}").context["count"] == count


def test_pages_visit_everybody_once_whoever_comes_or_goes(client, drained):
    made = [expert(f"Person {number:02}") for number in range(45)]
    address, seen = "/en/experts/", []
    while address:
        response = client.get(address)
        seen += names(response)
        ExpertProfile.objects.filter(pk=made[0].pk).delete()
        expert("Aaron")
        address = response.context["next_url"] and f"/en/experts/{response.context['next_url']}"
    assert seen == [f"Person {number:02}" for number in range(45)]
    back = client.get(f"/en/experts/{response.context['previous_url']}")
    assert names(back) == [f"Person {number:02}" for number in range(20, 40)]
    for cursor in ("axx", "a~", "bZZZ~9999999999999999999999", "x~1", "aPerson~-1", "~"):
        assert client.get(f"/en/experts/?cursor={cursor}").status_code == 200


def test_the_edition_for_the_reader(client, people):
    item = client.get("/en/experts/").context["items"][2]
    assert (item.title, item.language, item.snippet) == ("Zoé", "fr", "Aide")
    assert b"In French." in client.get(people["zoe"].get_absolute_url()).content


# --- The CV ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def cv(db) -> ExpertProfile:
    senegal(), jordan()
    return expert(
        "Awa Diallo",
        texts=[ProfileText(language="en", headline="Maternity", summary="Costs <b>benefits</b>.")],
        residence_country="SEN",
        expertise=[
            Expertise(topic="Ferry crews", mastery=Mastery.EXPERT, years=12, last_used=2024, evidence=["assignment:2"])
        ],
        assignments=[
            assignment("First", 1, start="2015-03", end="2015-09"),
            assignment("Second", 2, start="2021", end="2022-05", role="Adviser", client="a fund", countries=["JOR"],
                       topics=[f"theme:{theme('maternity').pk}"]),
            assignment("Third", 3, start="2023", end=""),
        ],
        positions=[Employment(title="Actuary", employer="a fund", start="2010", end="2020", country="SEN")],
        education=[Education(degree="MSc", year=2009), Education(degree="PhD", year=2013)],
        languages=[
            skill("en", "B2", reading="C1"), skill("fr"), LanguageSkill(language="ru", un_level="III"),
            LanguageSkill(language="ar"),
        ],
    )  # fmt: skip


def test_a_cv(client, cv, drained):
    drained()
    response = client.get(cv.get_absolute_url())
    context = response.context
    assert [(row["title"], row["year"], row["years"]) for row in context["assignments"]] == [
        ("Third", "2023", "since 2023"), ("Second", "2022", "2021–2022"), ("First", "2015", "2015"),
    ]  # fmt: skip
    assert context["assignments"][1]["places"] == [("Jordan", "/en/countries/jor/")]
    glance = {label: [text for text, _ in values] for label, values in context["glance"]}
    assert glance == {
        "Topics": ["Maternity"],
        "Worked in": ["Jordan", "Senegal"],
        "Languages": [
            "French (mother tongue)", "English (C1, listening B2, writing B2)", "Russian (UN level III)", "Arabic",
        ],
        "Based in": ["Senegal"],
    }  # fmt: skip
    assert context["skills"] == [
        {"subject": ("Ferry crews", ""), "details": "Expert, 12 years, last used in 2024",
         "evidence": [("Second", "#assignment-2")]}
    ]  # fmt: skip
    assert context["nine"] == context["edge_states"] == {"maternity": "full"}
    assert [row.degree for row, _ in context["education"]] == ["PhD", "MSc"]
    text = response.content.decode()
    assert 'id="assignment-2"' in text and "Costs &lt;b&gt;benefits&lt;/b&gt;." in text
    assert (
        "Confirmed this month." in text
        and "(sample)" not in text
        and "invented" not in text
        and not CONTACT.search(text)
    )


def test_answers_and_sources_are_shown(client, cv, drained):
    cited, answer, withdrawn = resource("A cited report"), resource("An answer"), resource("A withdrawn report")
    cv.expertise = [
        Expertise(topic="Audits", mastery=Mastery.EXPERT, evidence=[f"resource:{r.pk}" for r in (cited, withdrawn)])
    ]
    cv.save()
    drained()
    Link.objects.create(source=f"resource:{answer.pk}", target=f"expert:{cv.pk}", how="answered", audience="public")
    Resource.objects.filter(pk=withdrawn.pk).update(live=False)
    context = client.get(cv.get_absolute_url()).context
    assert [item.title for item in context["answers"]] == ["An answer"]
    assert context["skills"][0]["evidence"] == [("A cited report", cited.get_absolute_url())]
    assert not context["related"]


def test_an_answer_for_members_is_not_shown_to_the_public(client, member_client, cv, drained):
    answer = resource("An answer")
    drained()
    Link.objects.create(source=f"resource:{answer.pk}", target=f"expert:{cv.pk}", how="answered", audience="members")
    assert client.get(cv.get_absolute_url()).context["answers"] == []
    assert len(member_client.get(cv.get_absolute_url()).context["answers"]) == 1


def test_a_sample_says_so(client, drained):
    made = sample("Rula Masri")
    drained()
    text = client.get(made.get_absolute_url()).content.decode()
    assert "<h1>Rula Masri (sample)</h1>" in text and "This person is invented." in text
    assert '<meta name="robots" content="noindex">' in text and not CONTACT.search(text)


def test_search_engines_are_kept_out_without_consent(client):
    made = expert()
    mark = b'<meta name="robots" content="noindex">'
    assert mark in client.get(made.get_absolute_url()).content
    agree(made, Purpose.SEARCH)
    assert mark not in client.get(made.get_absolute_url()).content


@pytest.mark.parametrize("slug", ["nobody-234567", "awa", "x" * 300, "AWA-DIALLO"])
def test_unknown_addresses(client, cv, slug):
    assert client.get(f"/en/experts/{slug}/").status_code == 404


def test_staff_are_told_that_a_page_is_not_public(editor_client):
    made = expert(state=State.SUBMITTED)
    assert b"Not public:</b> Submitted" in editor_client.get(made.get_absolute_url()).content


def test_pages_take_few_statements(client, people, cv, drained, django_assert_max_num_queries):
    drained()
    for address in ("/en/experts/?theme=branches&language=fr", "/fr/experts/", cv.get_absolute_url()):
        client.get(address)
        with django_assert_max_num_queries(MOST):
            assert client.get(address).status_code == 200


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_the_section_stands_in_every_language(client, language):
    assert f'href="/{language}/experts/"' in client.get(f"/{language}/experts/").content.decode()
