"""Atom feeds of the lists: well formed, stable, newest first, and the public's alone."""

import datetime
import html
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from library.models import Resource
from sync.models import Document
from tests.glossary.factories import concept, pension
from tests.library.factories import jordan, resource, senegal, theme
from tests.pages.factories import country_page, restrict

pytestmark = pytest.mark.django_db
MOST = 8  # statements of a request for a visitor
ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
SECTIONS = ("library", "countries", "themes", "glossary", "questions", "experts")
FEEDS = [f"/en/{section}/feed.atom" for section in SECTIONS]


def feed_of(response) -> ElementTree.Element:
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def entries(response) -> list[ElementTree.Element]:
    return feed_of(response).findall(f"{ATOM}entry")


def titles(response) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in entries(response)]


@pytest.fixture
def shelf(drained) -> dict[str, Resource]:
    branches = theme("branches")
    old_age, maternity = theme("old-age", branches), theme("maternity", branches)
    book = resource("Pensions", date="2015", themes=[old_age], countries=[senegal()], is_original=True)
    made = {
        "book": book,
        "livre": resource("Les pensions", language="fr", date="2016", work=book.work, themes=[old_age]),
        "report": resource("Maternity", date="2019-11", issuers=["ILO"], themes=[maternity], countries=[jordan()]),
        "draft": resource("CANARY draft", date="2026", live=False, themes=[maternity], countries=[jordan()]),
    }
    drained()
    return made


# --- Form ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_has_what_atom_requires(client, shelf, drained, path, settings):
    settings.SITE_URL = "https://gess.example.org"
    country_page("KEN", "en")
    pension()
    drained()
    feed = feed_of(client.get(path))
    assert feed.get(LANG) == "en"
    moments = []
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        assert element.findtext(f"{ATOM}title")
        assert element.findtext(f"{ATOM}id").startswith("tag:gess.example.org,2026:")
        moments.append(datetime.datetime.fromisoformat(element.findtext(f"{ATOM}updated")))
        for link in element.findall(f"{ATOM}link"):
            assert link.get("href").startswith("http://testserver/en/")
    assert moments[0] == max(moments)
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "GESS"
    ids = [element.text for element in feed.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))


def test_what_authors_write_cannot_break_a_feed(client, drained):
    resource(
        "A < B & <script>alert(1)</script>\x0b",
        abstract="Say </summary> & \x08<b>bold</b>",
        authors=["O'Hara & Co"],
    )
    drained()
    entry = entries(client.get("/en/library/feed.atom"))[0]
    assert entry.findtext(f"{ATOM}title") == "A < B & <script>alert(1)</script>"
    summary = entry.find(f"{ATOM}summary")
    assert summary.get("type") == "html" and "<" not in summary.text
    assert "Say </summary> & <b>bold</b>" in html.unescape(summary.text)


def test_each_entry_says_its_language_and_leads_to_its_canonical_address(client, drained):
    russian = resource("Пенсии", language="ru")
    french = resource("Les pensions", language="fr")
    drained()
    found = {e.get(LANG): e.find(f"{ATOM}link").get("href") for e in entries(client.get("/es/library/feed.atom"))}
    assert found == {
        "ru": f"http://testserver/en/library/{russian.number}/",
        "fr": f"http://testserver/fr/library/{french.number}/",
    }


def test_ids_outlive_edits(client, shelf, drained):
    before = {e.findtext(f"{ATOM}id") for e in entries(client.get("/en/library/feed.atom"))}
    shelf["report"].title = "Maternity, second edition"
    shelf["report"].save()
    assert {e.findtext(f"{ATOM}id") for e in entries(client.get("/en/library/feed.atom"))} == before


# --- Order and filters -----------------------------------------------------------------------------------------------
def test_what_came_today_precedes_what_came_before_whenever_it_was_written(client, shelf):
    assert titles(client.get("/en/library/feed.atom")) == ["Maternity", "Pensions"]
    Document.objects.update(changed_at=timezone.now() - datetime.timedelta(days=3))
    shelf["book"].subtitle = "And more"
    shelf["book"].save()
    assert titles(client.get("/en/library/feed.atom")) == ["Pensions", "Maternity"]


def test_a_work_stands_once_in_the_readers_language(client, shelf):
    assert titles(client.get("/fr/library/feed.atom")) == ["Maternity", "Les pensions"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("theme=maternity", ["Maternity"]),
        ("theme=branches", ["Maternity", "Pensions"]),
        ("theme=maternity&theme=old-age", ["Maternity", "Pensions"]),
        ("country=sen", ["Pensions"]),
        ("country=SEN&theme=maternity", []),
        ("language=fr", ["Les pensions"]),
        ("theme=nothing-of-this-name", []),
        ("theme=%00&country='", []),
    ],
)
def test_filters_of_the_list_narrow_its_feed(client, shelf, query, expected):
    assert titles(client.get(f"/en/library/feed.atom?{query}")) == expected


def test_a_feed_is_short(client, drained):
    for number in range(52):
        resource(f"Paper {number}", date="2020")
    drained()
    assert len(titles(client.get("/en/library/feed.atom"))) == 50


def test_countries_of_which_only_the_name_is_told_are_no_news(client, shelf, drained):
    country_page("KEN", "en")
    drained()
    assert titles(client.get("/en/countries/feed.atom")) == ["Kenya"]
    shown = entries(client.get("/fr/countries/feed.atom"))
    assert [(e.get(LANG), e.find(f"{ATOM}link").get("href")) for e in shown] == [
        ("en", "http://testserver/en/countries/ken/")
    ]


# --- Who sees what ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_is_the_publics_whoever_asks(client, member_client, editor_client, shelf, drained, path):
    restrict(country_page("SEN", "en", lead="CANARY members"), "login")
    country_page("CPV", "en", live=False, lead="CANARY page draft")
    country_page("KEN", "en")
    concept("CANARY term", draft=True)
    drained()
    assert Document.objects.filter(audience="staff", title="CANARY draft").exists()
    answers = [each.get(path).content for each in (client, member_client, editor_client)]
    assert answers[0] == answers[1] == answers[2]
    assert b"CANARY" not in answers[0]


def test_what_the_database_hides_is_left_out_before_the_index_follows(client, shelf, monkeypatch):
    monkeypatch.setattr("links.feeds.before_read", lambda: None)
    Resource.objects.filter(pk=shelf["report"].pk).update(live=False, first_published_at=timezone.now())
    assert Document.objects.filter(audience="public", title="Maternity", gone=False).exists()
    assert titles(client.get("/en/library/feed.atom")) == ["Pensions"]


# --- HTTP ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", FEEDS)
def test_nobody_fetches_twice_what_has_not_changed(client, shelf, path):
    first = client.get(path)
    again = client.get(path, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304 and not again.content
    assert "max-age" in first["Cache-Control"] and "Cookie" not in first.get("Vary", "")


def test_a_change_is_fetched(client, shelf):
    first = client.get("/en/library/feed.atom")
    shelf["report"].title = "Maternity and work"
    shelf["report"].save()
    changed = client.get("/en/library/feed.atom", headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200 and "Maternity and work" in titles(changed)


@pytest.mark.parametrize("path", [*FEEDS, "/en/library/feed.atom?theme=maternity&country=jor&language=en"])
def test_a_feed_takes_few_statements(client, shelf, path, django_assert_max_num_queries):
    with django_assert_max_num_queries(MOST):
        assert client.get(path).status_code == 200


def test_only_reading(client):
    assert client.post("/en/library/feed.atom").status_code == 405


@pytest.mark.parametrize("path", FEEDS)
def test_the_list_names_its_feed_and_robots_may_fetch_it(client, path):
    page = client.get(path.removesuffix("feed.atom")).content.decode()
    assert 'type="application/atom+xml" title="GESS: ' in page and f'href="http://testserver{path}"' in page
    assert "Allow: /*/feed.atom" in client.get("/robots.txt").content.decode()
