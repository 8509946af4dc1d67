"""Editors read and close reports; nobody else sees them."""

import pytest

from office.models import ErrorReport, State

pytestmark = pytest.mark.django_db
LIST = "/cms/snippets/office/errorreport/"


@pytest.fixture
def report():
    return ErrorReport.objects.create(
        about="resource:12",
        address="/en/library/12/",
        language="en",
        message="The year is 2015.",
        email="a@example.org",
    )


def test_editors_find_reports_by_state(editor_client, report):
    ErrorReport.objects.create(
        about="country:5", address="/en/countries/sen/", language="en", message="x", state="done"
    )
    shown = editor_client.get(LIST).content.decode()
    assert "resource:12" in shown and "country:5" in shown
    assert shown.index("resource:12") < shown.index("country:5"), "open ones first"
    shown = editor_client.get(LIST, {"state": "open"}).content.decode()
    assert "resource:12" in shown and "country:5" not in shown


@pytest.mark.parametrize("text", ["2015", '"', "%", "\\"])
def test_the_list_is_searched_without_errors(editor_client, report, text):
    response = editor_client.get(LIST, {"q": text})
    assert response.status_code == 200
    assert ("resource:12" in response.content.decode()) == (text == "2015")


def test_editors_close_a_report_and_change_nothing_else(editor_client, report):
    address = f"{LIST}edit/{report.pk}/"
    assert "The year is 2015." in editor_client.get(address).content.decode()
    assert editor_client.post(address, {"state": "done", "message": "changed"}).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.message) == (State.DONE, "The year is 2015.")


def test_editors_do_not_write_or_delete_reports(editor_client, report):
    assert editor_client.get(f"{LIST}add/").status_code == 302  # Wagtail leads back to its start
    editor_client.post(f"{LIST}delete/{report.pk}/")
    assert ErrorReport.objects.filter(pk=report.pk).exists()


def test_visitors_are_asked_to_log_in(client, report):
    response = client.get(LIST, follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/login/?next=")
    assert response.status_code == 200


def test_members_are_refused_and_told_so(member_client, report):
    response = member_client.get(LIST, follow=True)
    assert response.status_code == 403
    assert "resource:12" not in response.content.decode()


def test_the_menu_leads_to_the_reports(editor_client):
    assert LIST in editor_client.get("/cms/").content.decode()
