"""Readers report an error on the page of an entry, and what they wrote is never lost."""

import pytest
from django.core.cache import cache
from redis.exceptions import ConnectionError as CacheDown

from core.limits import take
from core.panels import actions_for
from library.models import Resource
from office.models import ErrorReport

pytestmark = pytest.mark.django_db
ADDRESS = "/en/report/"


@pytest.fixture
def resource():
    return Resource.objects.create(title="Pensions for all", language="en", type="report", live=True)


@pytest.fixture
def page(resource):
    return f"{ADDRESS}?about=resource:{resource.pk}"


def test_every_entry_offers_the_form(client, resource):
    (action,) = [action for action in actions_for(f"resource:{resource.pk}") if "report" in action.url]
    assert action.label == "Report an error"
    assert client.get(action.url).status_code == 200


def test_the_form_names_the_entry(client, page, resource, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        response = client.get(page)
    about = response.context["about"]
    assert (about.title, about.url) == ("Pensions for all", f"/en/library/{resource.number}/")
    assert response.context["return_url"] == about.url
    assert 'href="/en/library/' in response.content.decode()


def test_a_report_reaches_the_office(client, page, resource):
    response = client.post(page, {"message": "The year is 2015.", "email": "reader@example.org"}, follow=True)
    assert response.redirect_chain == [(f"/en/report/sent/?about=resource:{resource.pk}", 302)]
    assert "Pensions for all" in response.content.decode()
    report = ErrorReport.objects.get()
    assert (report.about, report.address) == (f"resource:{resource.pk}", f"/en/library/{resource.number}/")
    assert (report.message, report.email) == ("The year is 2015.", "reader@example.org")
    assert (report.language, report.state) == ("en", "open")


def test_the_language_of_the_interface_is_kept(client, resource):
    client.post(f"/fr/report/?about=resource:{resource.pk}", {"message": "Faute"})
    report = ErrorReport.objects.get()
    assert (report.language, report.address) == ("fr", f"/fr/library/{resource.number}/")


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"message": "  "}, "message"),
        ({"message": "x" * 4001}, "message"),
        ({"message": "Two words", "email": "nobody"}, "email"),
        ({"message": "nul\x00"}, "message"),
    ],
)
def test_an_error_keeps_what_was_written(client, page, data, field):
    response = client.post(page, data)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert response.context["form"]["message"].value() == data["message"]
    assert not ErrorReport.objects.exists()


def test_programs_that_fill_in_everything_change_nothing(client, page):
    response = client.post(page, {"message": "Buy now", "website": "https://spam.example"})
    assert response.status_code == 302
    assert not ErrorReport.objects.exists()


def test_five_an_hour_from_one_address(client, page):
    for number in range(5):
        assert client.post(page, {"message": f"Report {number}"}).status_code == 302
    response = client.post(page, {"message": "The sixth"})
    assert response.status_code == 429
    assert "The sixth" in response.content.decode()
    assert client.post(page, {"message": "Another reader"}, REMOTE_ADDR="192.0.2.7").status_code == 302
    assert ErrorReport.objects.count() == 6


def test_behind_a_proxy_the_reader_counts_and_cannot_pretend(client, page, settings):
    settings.HTTPS = True
    for number in range(6):
        forwarded = f"198.51.100.{number}, 192.0.2.7"  # the last one is written by our proxy
        last = client.post(page, {"message": "Report"}, headers={"X-Forwarded-For": forwarded})
    assert last.status_code == 429
    other = client.post(page, {"message": "Report"}, headers={"X-Forwarded-For": "192.0.2.8"})
    assert other.status_code == 302


def test_without_proxy_the_header_is_not_believed(client, page):
    for number in range(6):
        last = client.post(page, {"message": "x"}, headers={"X-Forwarded-For": f"192.0.2.{number}"})
    assert last.status_code == 429


def test_slots_come_back():
    assert [take("test", "192.0.2.1", 2, 3600) for _ in range(3)] == [True, True, False]
    cache.delete("test.192.0.2.1.0")
    assert take("test", "192.0.2.1", 2, 3600)


def test_a_dead_cache_loses_no_report(client, page, monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise CacheDown("no answer")

    monkeypatch.setattr(cache, "add", fail)
    assert client.post(page, {"message": "Still here"}).status_code == 302
    assert ErrorReport.objects.get().message == "Still here"
    assert "is not limited" in caplog.text


@pytest.mark.parametrize("about", ["", "resource", "resource:", "resource:x", "nothing:1", "resource:-1", "resource:0"])
def test_what_is_no_entry_is_not_found(client, about):
    for address in (ADDRESS, f"{ADDRESS}sent/"):
        assert client.get(address, {"about": about}).status_code == 404
    assert client.post(f"{ADDRESS}?about={about}", {"message": "x"}).status_code == 404


@pytest.mark.parametrize("number", [10**6, 2**63, 10**30, "9" * 5000])
def test_a_number_that_no_row_has_is_not_found(client, number):
    assert client.get(ADDRESS, {"about": f"resource:{number}"}).status_code == 404


def test_a_draft_is_found_by_those_who_may_read_it(client, member_client, editor_client, page):
    Resource.objects.update(live=False)
    for reader in (client, member_client):
        assert reader.get(page).status_code == 404
        assert reader.post(page, {"message": "x"}).status_code == 404
    assert not ErrorReport.objects.exists()
    assert editor_client.get(page).status_code == 200
