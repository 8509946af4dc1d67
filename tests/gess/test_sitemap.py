"""The sitemap: all public addresses and none other, each once, in parts that stay as they are."""

import datetime
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from gess import sitemaps
from library.models import Resource
from sync.models import Document
from taxonomy.models import Theme
from tests.experts.factories import sample
from tests.glossary.factories import concept, pension
from tests.library.factories import jordan, resource, senegal, theme
from tests.pages.factories import country_page, restrict

pytestmark = pytest.mark.django_db
MOST = 8
SITE = "http://testserver"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


def parsed(response) -> ElementTree.Element:
    assert response.status_code == 200 and response["Content-Type"].startswith("application/xml")
    return ElementTree.fromstring(response.content)


def parts(client, kind="") -> list[str]:
    found = [each.text.removeprefix(SITE) for each in parsed(client.get("/sitemap.xml")).iter(f"{MAP}loc")]
    return [path for path in found if path.startswith(f"/sitemaps/{kind}")]


def urls(client, kind="") -> list[ElementTree.Element]:
    return [url for path in parts(client, kind) for url in parsed(client.get(path)).iter(f"{MAP}url")]


def addresses(client, kind="") -> list[str]:
    return [url.findtext(f"{MAP}loc").removeprefix(SITE) for url in urls(client, kind)]


@pytest.fixture
def site(drained) -> dict[str, Resource]:
    maternity = theme("maternity", theme("branches"))
    book = resource("Pensions", themes=[maternity], countries=[senegal()], is_original=True)
    made = {
        "book": book,
        "livre": resource("Les pensions", language="fr", work=book.work),
        "chinese": resource("养老金", language="zh", work=book.work),
        "report": resource("Maternity", themes=[maternity], countries=[jordan()]),
        "draft": resource("CANARY draft", live=False, themes=[theme("canary")]),
    }
    country_page("KEN", "en")
    country_page("SEN", "en")
    country_page("SEN", "fr")
    restrict(country_page("CPV", "en", lead="CANARY"), "login")
    drained()
    return made


def test_it_equals_what_the_database_shows_to_a_visitor(client, site):
    spoken = {"en": "en", "fr": "fr", "zh": "en"}
    expected = {f"/{spoken[r.language]}/library/{r.number}/" for r in Resource.objects.filter(live=True)}
    assert len(expected) == 4
    found = addresses(client, "resource")
    assert set(found) == expected and len(found) == len(expected)
    told = Theme.objects.exclude(slug="canary")
    assert set(addresses(client, "theme")) == {f"/{tag}/themes/{t.slug}/" for t in told for tag in ("en", "fr", "es")}
    pages = {"/en/countries/ken/", "/en/countries/sen/", "/fr/countries/sen/"}
    unwritten = {f"/{language}/countries/jor/" for language in ("en", "fr", "es")}
    assert set(addresses(client, "country")) == pages | unwritten


def test_every_address_answers_a_visitor_and_is_its_own_canonical_one(client, site):
    found = addresses(client)
    assert len(found) == len(set(found)) > 20
    for path in found:
        page = client.get(path)
        assert page.status_code == 200, path
        assert f'<link rel="canonical" href="{SITE}{path}">' in page.content.decode(), path


def test_nothing_of_members_and_staff(client, editor_client, site):
    whole = b"".join(editor_client.get(path).content for path in ["/sitemap.xml", *parts(client)])
    assert b"/cpv/" not in whole and b"canary" not in whole.lower()
    assert f"/{site['draft'].number}/".encode() not in whole


def test_editions_name_each_other(client, site):
    own = {
        "en": f"{SITE}/en/library/{site['book'].number}/",
        "fr": f"{SITE}/fr/library/{site['livre'].number}/",
        "zh": f"{SITE}/en/library/{site['chinese'].number}/",
    }
    found = {
        url.findtext(f"{MAP}loc"): {link.get("hreflang"): link.get("href") for link in url.iter(LINK)}
        for url in urls(client, "resource")
    }
    assert [found[address] for address in own.values()] == [own] * 3
    assert found[f"{SITE}/en/library/{site['report'].number}/"] == {}


def test_terms_stand_in_each_of_their_languages_until_nobody_should_use_them(client, drained):
    old_age = pension()
    concept("old word", status="deprecated")
    concept("CANARY term", draft=True)
    drained()
    slugs = {"en": "old-age-pension", "fr": "pension-de-vieillesse", "es": "pension-de-vejez"}
    expected = {f"/{tag}/glossary/{slug}-{old_age.number}/" for tag, slug in slugs.items()}
    assert set(addresses(client, "term")) == expected


def test_what_the_database_hides_is_left_out_before_the_index_follows(client, site, monkeypatch):
    monkeypatch.setattr(sitemaps, "before_read", lambda: None)
    Resource.objects.filter(pk=site["report"].pk).update(live=False, first_published_at=timezone.now())
    assert f"/en/library/{site['report'].number}/" not in addresses(client, "resource")
    assert len(addresses(client, "resource")) == 3


def test_the_time_of_change_is_that_of_the_entry(client, site):
    moment = datetime.datetime(2026, 3, 4, 5, 6, 7, tzinfo=datetime.UTC)
    Document.objects.filter(key=f"resource:{site['report'].pk}").update(changed_at=moment)
    found = {url.findtext(f"{MAP}loc"): url.findtext(f"{MAP}lastmod") for url in urls(client, "resource")}
    assert found[f"{SITE}/en/library/{site['report'].number}/"] == "2026-03-04T05:06:07+00:00"
    assert all(datetime.datetime.fromisoformat(each) for each in found.values())


def test_parts_are_small_hold_everything_and_stay(client, site, monkeypatch):
    whole = addresses(client, "resource")
    monkeypatch.setattr(sitemaps, "SIZE", 3)
    several = parts(client, "resource")
    assert len(several) > 1
    assert sorted(addresses(client, "resource")) == sorted(whole)
    first = client.get(several[0])
    assert len(list(parsed(first).iter(f"{MAP}url"))) <= 3
    resource("One more")
    assert client.get(several[0]).content == first.content
    assert sorted(addresses(client, "resource")) != sorted(whole)


def test_editions_name_each_other_across_parts(client, site, monkeypatch):
    monkeypatch.setattr(sitemaps, "SIZE", 1)
    found = [url for url in urls(client, "resource") if url.findtext(f"{MAP}loc").endswith(f"/{site['book'].number}/")]
    assert {link.get("hreflang") for link in found[0].iter(LINK)} == {"en", "fr", "zh"}


def test_the_index_names_no_part_without_addresses(client, site, drained):
    sample("Invented")  # readers see it, search engines are not sent to it
    drained()
    assert Document.objects.filter(audience="public", kind="expert", gone=False).exists()
    assert not parts(client, "expert")
    assert all(client.get(path).status_code == 200 for path in parts(client))


def test_lists_stand_in_every_language(client, site):
    found = addresses(client, "list")
    assert {"/en/", "/fr/library/", "/es/countries/", "/en/themes/"} <= set(found)


@pytest.mark.parametrize(
    "path", ["resource-0", "resource-9999", "nothing-1", "list-2", "resource-99999999999999999999999"]
)
def test_parts_that_do_not_exist(client, site, path):
    assert client.get(f"/sitemaps/{path}.xml").status_code == 404


def test_robots_name_it_and_nobody_fetches_twice_what_has_not_changed(client, site):
    assert f"Sitemap: {SITE}/sitemap.xml" in client.get("/robots.txt").content.decode()
    for path in ["/sitemap.xml", *parts(client)]:
        first = client.get(path)
        assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 304


def test_it_takes_few_statements(client, site, django_assert_max_num_queries):
    for path in ["/sitemap.xml", *parts(client)]:
        with django_assert_max_num_queries(MOST):
            client.get(path)
