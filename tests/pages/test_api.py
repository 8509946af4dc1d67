"""Countries and themes as JSON: the same rows as the pages show, with every fact's source."""

import pytest

from tests.pages.factories import CountryFactory, ThemeFactory, country_page, restrict, scheme, text, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(db):
    figure = {"value": "29.9", "unit": "%", "label": "Older", "source": "ILO", "source_url": "", "year": 2019}
    return country_page(
        body=[{"type": "key_figures", "value": {"figures": [figure]}}, text("Coverage", "<p>Few &amp; far.</p>")],
        schemes=[scheme(["old-age"], worker_rate="5.60"), scheme(["maternity"], "half")],
    )


def test_a_country_with_its_page(client, page):
    data = client.get("/api/v1/countries/SEN/").json()
    assert data["names"] == {"en": "Senegal", "fr": "Sénégal", "es": "Senegal"}
    assert data["url"] == "http://testserver/en/countries/sen/"
    assert data["nine"] == {"old-age": "full", "maternity": "half"}
    (edition,) = data["pages"]
    assert (edition["language"], edition["lead"]) == ("en", "Lead SEN en.")
    assert edition["figures"] == [
        {"value": "29.9", "unit": "%", "label": "Older", "source": "ILO", "source_url": "", "year": 2019}
    ]
    assert edition["texts"] == [{"heading": "Coverage", "text": "Few & far."}]
    pensions = edition["schemes"][0]
    assert (pensions["worker_rate"], pensions["source"], pensions["year"]) == ("5.60", "A survey", 2011)


def test_editions_have_their_own_addresses(client, page):
    country_page(language="fr")
    data = client.get("/api/v1/countries/SEN/", headers={"Accept-Language": "es"}).json()
    assert [edition["url"] for edition in data["pages"]] == [
        "http://testserver/en/countries/sen/",
        "http://testserver/fr/countries/sen/",
    ]


def test_only_what_is_told_is_listed(client, page, member_client):
    told(f"country:{CountryFactory(iso3='CPV').pk}", "members")
    CountryFactory(iso3="KEN")
    listed = [country["iso3"] for country in client.get("/api/v1/countries/").json()["results"]]
    assert listed == ["SEN"]
    assert [row["iso3"] for row in member_client.get("/api/v1/countries/").json()["results"]] == ["SEN", "CPV"]
    assert client.get("/api/v1/countries/CPV/").status_code == client.get("/api/v1/countries/KEN/").status_code == 404


def test_a_restricted_page_is_left_out(client, member_client, page):
    restrict(page, "login")
    assert client.get("/api/v1/countries/SEN/").status_code == 404
    told(f"country:{page.country.pk}")
    data = client.get("/api/v1/countries/SEN/").json()
    assert data["pages"] == [] and data["nine"] == {}
    assert len(member_client.get("/api/v1/countries/SEN/").json()["pages"]) == 1


def test_the_list_takes_a_bounded_number_of_statements(client, drained, django_assert_max_num_queries):
    for iso3 in ("SEN", "KEN", "CPV"):
        country_page(iso3, schemes=[scheme(["old-age"])])
    drained()
    with django_assert_max_num_queries(8):
        assert len(client.get("/api/v1/countries/").json()["results"]) == 3


def test_themes(client):
    child = ThemeFactory(slug="maternity", parent=ThemeFactory(slug="branches"))
    ThemeFactory(slug="sickness")
    told(f"theme:{child.pk}")
    data = client.get("/api/v1/themes/maternity/").json()
    assert data == {
        "slug": "maternity",
        "names": {"en": "Maternity", "fr": "maternity (fr)", "es": "maternity (es)"},
        "parent": "branches",
        "url": "http://testserver/en/themes/maternity/",
        "pages": [],
    }
    assert client.get("/api/v1/themes/sickness/").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(admin_client, page, method):
    assert getattr(admin_client, method)("/api/v1/countries/SEN/").status_code == 405
