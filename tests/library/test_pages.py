"""The public pages: what is shown to whom, filters and their counts, pages, addresses."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser

from library.models import Resource
from tests.library.factories import jordan, organisation, person, resource, senegal, theme

pytestmark = pytest.mark.django_db
MOST = 8  # statements of a page for a visitor


def titles(response) -> list[str]:
    return [item.title for item in response.context["items"]]


def option_counts(response, name: str) -> dict[str, int]:
    facet = next(facet for facet in response.context["facets"] if facet["name"] == name)
    return {option["value"]: option["count"] for option in facet["options"]}


@pytest.fixture
def shelf() -> dict[str, Resource]:
    branches = theme("branches")
    old_age, maternity = theme("old-age", branches), theme("maternity", branches)
    book = resource(
        "Pensions", type="book", date="2015", authors=["Ong, C. B."], publishers=["ILO"],
        themes=[old_age, branches], countries=[senegal()], identifiers={"isbn": "92-2-112080-5"},
    )  # fmt: skip
    return {
        "book": book,
        "livre": resource("Les pensions", type="book", language="fr", date="2016", work=book.work, themes=[old_age]),
        "report": resource("Maternity", date="2019-11", issuers=["ILO"], themes=[maternity], countries=[jordan()]),
        "undated": resource("Undated", themes=[]),
        "draft": resource("Draft", date="2020", live=False, authors=["Secret, S."], themes=[maternity]),
    }


# --- Landing page ----------------------------------------------------------------------------------------------------
def test_a_resource_shows_its_record(client, shelf, drained):
    drained()
    response = client.get(shelf["book"].get_absolute_url())
    assert response.status_code == 200
    rows = {label: [text for text, _ in values] for label, values in response.context["record"]}
    assert rows["Author"] == ["Ong, C. B."] and rows["Publisher"] == ["ILO"] and rows["ISBN"] == ["92-2-112080-5"]
    assert rows["Date"] == ["2015"] and rows["Countries"] == ["Senegal"] and rows["Language"] == ["English"]
    assert set(rows["Themes"]) == {"Old age", "Branches"} and "Place" not in rows
    assert response.context["nine"] == response.context["edge_states"] == {"old-age": "full"}
    assert response.context["citation_html"].startswith("Ong, C. B. 2015. <i>Pensions</i>. ILO.")
    assert b"Not yet checked against the work." in response.content


@pytest.mark.parametrize("path", ["/en/library/{book}/", "/fr/library/{livre}/", "/es/library/{report}/"])
def test_a_resource_takes_few_statements(client, shelf, drained, django_assert_max_num_queries, path):
    drained()
    address = path.format(**{name: each.number for name, each in shelf.items()})
    with django_assert_max_num_queries(MOST):
        assert client.get(address).status_code == 200


def test_a_checked_resource_says_nothing_of_checking(client):
    checked = resource(checked=True)
    assert b"Not yet checked" not in client.get(checked.get_absolute_url()).content


@pytest.mark.parametrize(
    ("date", "shown"), [("2019", "2019"), ("2019-11", "November 2019"), ("2019-11-05", "5 November 2019"), ("", None)]
)
def test_a_date_is_as_precise_as_it_is_known(client, date, shown):
    response = client.get(resource(date=date).get_absolute_url())
    rows = dict(response.context["record"])
    assert rows.get("Date") == ([(shown, "")] if shown else None)


def test_the_number_of_an_instrument_is_said_once(client):
    made = resource("C102", type="international-instrument", series_number="C102", identifiers={"ilo": "C102"})
    rows = dict(client.get(made.get_absolute_url()).context["record"])
    assert rows["ILO instrument"] == [("C102", "")] and "Number" not in rows


def test_editions_are_told_to_readers_and_to_machines(client, shelf):
    response = client.get(shelf["book"].get_absolute_url())
    editions = [(name, current) for name, _language, _url, current in response.context["editions"]]
    assert editions == [("English", True), ("French", False)]
    links = re.findall(r'<http://testserver([^>]*)>; rel="(\w+)"(?:; hreflang="([^"]*)")?', response["Link"])
    book, livre = shelf["book"].number, shelf["livre"].number
    assert (f"/en/library/{book}/", "canonical", "") in links
    assert (f"/fr/library/{livre}/", "alternate", "fr") in links
    assert (f"/en/library/{book}/", "alternate", "x-default") in links


def test_what_people_wrote_is_escaped(client):
    nasty = "<script>alert(1)</script>"
    made = resource(
        nasty, subtitle=nasty, abstract=nasty, place=nasty, series=nasty, authors=[nasty], publishers=[nasty]
    )
    for address in (made.get_absolute_url(), "/en/library/", "/en/library/agents/?letter=s"):
        content = client.get(address).content
        assert b"<script>alert" not in content and b"&lt;script&gt;" in content


def test_where_the_facts_were_read_is_not_shown(client):
    made = resource(seen_at="https://mirror.example.org/stolen.pdf")
    assert b"mirror.example.org" not in client.get(made.get_absolute_url()).content


@pytest.mark.parametrize(
    "path",
    [
        "/en/library/0{n}/", "/en/library/99999/", "/en/library/{n}x/", "/en/library/{n}.5/", "/en/library/-{n}/",
        "/en/library/99999999999999999999/", "/en/library/0/", "/en/library/agents/99999/", "/en/library/AGENTS/",
        "/id/resource/0{n}", "/id/resource/99999", "/id/resource/{n}.RIS", "/id/resource/{n}.pdf",
    ],
)  # fmt: skip
def test_an_unknown_address_is_not_found(client, path):
    assert client.get(path.format(n=resource().number)).status_code == 404


# --- Visibility ------------------------------------------------------------------------------------------------------
def test_a_draft_is_nowhere_but_with_the_staff(client, shelf, member_client, editor_client):
    number = shelf["draft"].number
    assert editor_client.get(f"/en/library/{number}/").status_code == 200
    for reader in (client, member_client):
        for address in (f"/en/library/{number}/", f"/id/resource/{number}", f"/id/resource/{number}.ris"):
            assert reader.get(address).status_code == 404
        assert "Draft" not in titles(reader.get("/en/library/"))
        assert b"Secret" not in reader.get("/en/library/agents/?letter=s").content
        assert reader.get(person("Secret, S.").get_absolute_url()).status_code == 404


def test_the_rule_is_the_same_for_one_and_for_many(shelf, member, editor, admin):
    for user in (AnonymousUser(), member, editor, admin):
        visible = set(Resource.objects.visible_to(user))
        assert visible == {each for each in Resource.objects.all() if each.is_visible_to(user)}
        assert shelf["book"] in visible
        assert (shelf["draft"] in visible) == (user in (editor, admin))


def test_a_draft_edition_is_not_told(client, shelf):
    Resource.objects.filter(pk=shelf["livre"].pk).update(live=False)
    response = client.get(shelf["book"].get_absolute_url())
    assert response.context["editions"] == [] and b"Les pensions" not in response.content
    assert "/fr/library/" not in response["Link"]
    book = next(item for item in client.get("/en/library/").context["items"] if item.title == "Pensions")
    assert book.editions == []


# --- List ------------------------------------------------------------------------------------------------------------
def test_the_list_has_each_work_once_in_the_readers_language(client, shelf):
    french, english = client.get("/fr/library/"), client.get("/en/library/")
    assert titles(english) == ["Maternity", "Pensions", "Undated"]
    assert titles(french) == ["Maternity", "Les pensions", "Undated"]
    assert english.context["count"] == french.context["count"] == 3
    pensions = english.context["items"][1]
    assert pensions.metadata == ["Book", "Ong, C. B.", "2015"] and pensions.nine == {"old-age": "full"}
    assert pensions.editions == [("French", "fr", shelf["livre"].get_absolute_url())]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("type=book", ["Pensions"]),
        ("type=book&type=report", ["Maternity", "Pensions", "Undated"]),
        ("theme=branches", ["Maternity", "Pensions"]),
        ("theme=old-age", ["Pensions"]),
        ("theme=old-age&theme=maternity&type=report", ["Maternity"]),
        ("country=SEN", ["Pensions"]),
        ("country=sen&country=JOR", ["Maternity", "Pensions"]),
        ("language=fr", ["Les pensions"]),
        ("year=2019", ["Maternity"]),
        ("year=2010-2015", ["Pensions"]),
        ("year=2016-", ["Maternity", "Les pensions"]),
        ("year=-2014", []),
        ("year=-2015&year=2019-2019", ["Maternity", "Pensions"]),
        ("type=poem", []),
        ("theme=&country=", ["Maternity", "Pensions", "Undated"]),
        ("year=x", []),
        ("year=-", []),
        ("sort=title", ["Maternity", "Pensions", "Undated"]),
        ("sort=nonsense&cursor=nonsense", ["Maternity", "Pensions", "Undated"]),
        ("cursor=a2019-11-01~x", ["Maternity", "Pensions", "Undated"]),
        ("theme=%00%27%22--&q=1", []),
    ],
)
def test_filters(client, shelf, query, found):
    response = client.get(f"/en/library/?{query}")
    assert response.status_code == 200
    assert titles(response) == found and response.context["count"] == len(found)


def test_counts_are_those_of_the_lists_behind_them(client, shelf):
    for base in ("", "type=book&", "theme=maternity&", "language=fr&year=2010-2019&"):
        response = client.get(f"/en/library/?{base}")
        chosen = dict(pair.split("=") for pair in base.rstrip("&").split("&") if pair)
        for facet in response.context["facets"]:
            for option in facet["options"]:
                others = "&".join(f"{k}={v}" for k, v in chosen.items() if k != facet["name"])
                list_behind = client.get(f"/en/library/?{others}&{facet['name']}={option['value']}")
                assert list_behind.context["count"] == option["count"], (base, facet["name"], option["value"])
                assert option["count"] or option["checked"]


def test_a_theme_counts_what_is_below_it_and_each_work_once(client, shelf):
    assert option_counts(client.get("/en/library/"), "theme") == {"branches": 2, "maternity": 1, "old-age": 1}
    assert option_counts(client.get("/en/library/"), "year") == {"2010-2019": 2}
    assert option_counts(client.get("/en/library/?language=fr"), "language") == {"en": 3, "fr": 1}


def test_a_chip_takes_one_choice_away(client, shelf):
    response = client.get("/en/library/?type=book&type=report&country=SEN&sort=title&cursor=b~1")
    assert response.context["chips"] == [
        ("Type", "Book", "?type=report&country=SEN&sort=title"),
        ("Type", "Report", "?type=book&country=SEN&sort=title"),
        ("Country", "Senegal", "?type=book&type=report&sort=title"),
    ]
    assert response.context["clear_url"] == "?sort=title"
    assert response.context["query_hidden"] == [("sort", "title")]


@pytest.mark.parametrize("query", ["", "type=book&theme=branches&country=SEN&year=2010-2019&language=fr", "sort=title"])
def test_the_list_takes_few_statements(client, shelf, django_assert_max_num_queries, query):
    with django_assert_max_num_queries(MOST):
        client.get(f"/en/library/?{query}")


@pytest.mark.parametrize("sort", ["newest", "title"])
def test_pages_show_every_work_once_while_others_come_and_go(client, sort):
    made = [resource(f"Title {i % 7}", date=["", "2015", "2015-01-01", "2019"][i % 4]) for i in range(45)]
    seen, address, turns = [], f"?sort={sort}", 0
    while address:
        response = client.get(f"/en/library/{address}")
        seen += [item.key for item in response.context["items"]]
        turns += 1
        if turns == 1:
            resource("Title 0", date="2030")  # newest, and among the first by title: behind us in both orders
            shown = next(each for each in made if f"resource:{each.pk}" in seen)
            Resource.objects.filter(pk=shown.pk).delete()
        address = response.context["next_url"]
        assert turns < 9
    assert sorted(seen) == sorted(f"resource:{each.pk}" for each in made)
    assert turns == 3


def test_previous_leads_back(client):
    for i in range(45):
        resource(f"Title {i:02}", date="2015")
    first = client.get("/en/library/")
    second = client.get(f"/en/library/{first.context['next_url']}")
    third = client.get(f"/en/library/{second.context['next_url']}")
    assert first.context["previous_url"] == third.context["next_url"] == "" and len(titles(third)) == 5
    back = client.get(f"/en/library/{third.context['previous_url']}")
    assert titles(back) == titles(second)
    assert titles(client.get(f"/en/library/{back.context['previous_url']}")) == titles(first)


# --- Authors and organisations ---------------------------------------------------------------------------------------
def test_names_stand_under_their_letter_with_counts(client, shelf, django_assert_max_num_queries):
    resource(authors=["Ölander, A.", "Ong, C. B."])
    with django_assert_max_num_queries(MOST):
        response = client.get("/en/library/agents/?kind=person&letter=o")
    assert [(name, count) for name, count, _url in response.context["agents"]] == [
        ("Ölander, A.", 1),
        ("Ong, C. B.", 2),
    ]
    assert [letter for letter, _url, _current in response.context["letters"]] == ["O"]
    organisations = client.get("/en/library/agents/?kind=organisation")
    assert [(name, count) for name, count, _url in organisations.context["agents"]] == [("ILO", 2)]


def test_a_name_has_its_works(client, shelf, django_assert_max_num_queries):
    ilo = organisation("ILO")
    with django_assert_max_num_queries(MOST):
        response = client.get(ilo.get_absolute_url())
    assert titles(response) == ["Maternity", "Pensions"] and response.context["count"] == 2


def test_odd_questions_for_names_are_answered(client, shelf):
    for query in ("kind=robot", "letter=%25", "letter=zz", "letter=&cursor=a~~1", "letter=o&cursor=bzzz~5"):
        assert client.get(f"/en/library/agents/?{query}").status_code == 200


# --- Permanent addresses ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("accept", "language"), [("fr-FR,en;q=0.5", "fr"), ("es", "es"), ("zh", "en"), ("", "en")])
def test_the_permanent_address_leads_to_the_readers_language(client, accept, language):
    number = resource().number
    response = client.get(f"/id/resource/{number}", headers={"Accept-Language": accept})
    assert (response.status_code, response["Location"]) == (303, f"/{language}/library/{number}/")
    assert "Accept-Language" in response["Vary"] and not response.cookies


def test_exports_are_files_for_reference_managers(client, shelf):
    number = shelf["book"].number
    ris = client.get(f"/id/resource/{number}.ris")
    assert ris["Content-Type"] == "application/x-research-info-systems; charset=utf-8"
    assert ris["Content-Disposition"] == f'attachment; filename="gess-{number}.ris"'
    assert "TY  - BOOK\nAU  - Ong, C. B.\nTI  - Pensions\n" in ris.content.decode()
    bib = client.get(f"/id/resource/{number}.bib")
    assert bib["Content-Type"] == "application/x-bibtex; charset=utf-8"
    assert f"@book{{ong2015-{number}," in bib.content.decode()
    assert f"url = {{http://testserver/id/resource/{number}}}" in bib.content.decode()


def test_writing_methods_are_refused(client):
    made = resource()
    for address in ("/en/library/", made.get_absolute_url(), f"/id/resource/{made.number}"):
        assert client.post(address).status_code == 405
