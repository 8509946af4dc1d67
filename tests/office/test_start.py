"""The staff's start page: what waits, for whom, and that each count is that of the list behind it."""

import re

import pytest

from core.panels import desks_for
from library.models import Resource
from office.models import ContactMessage, ErrorReport
from tests.glossary.factories import concept
from tests.library.factories import resource
from tests.pages.factories import country_page, theme_page

pytestmark = pytest.mark.django_db
HERE = {
    "Open error reports",
    "Open contact messages",
    "Resources not published",
    "Terms not published",
    "Pages not published",
}


@pytest.fixture
def work(db):
    for state in ("open", "open", "done"):
        ErrorReport.objects.create(about="resource:1", address="/", language="en", message="Wrong year", state=state)
    ContactMessage.objects.create(email="a@example.org", message="Hello", language="en")
    resource("Draft paper", live=False)
    resource("Published paper")
    concept("draft term", draft=True)
    concept("term")
    country_page(live=False)
    theme_page(live=False)
    theme_page("maternity")


def waiting(user) -> dict[str, tuple[int, str]]:
    return {label: (count, url) for label, count, url in desks_for(user) if label in HERE}


def test_the_start_page_shows_what_waits(editor_client, editor, work):
    assert {label: count for label, (count, _) in waiting(editor).items()} == {
        "Open error reports": 2,
        "Open contact messages": 1,
        "Resources not published": 1,
        "Terms not published": 1,
        "Pages not published": 2,
    }
    shown = editor_client.get("/cms/").content.decode()
    for label, (count, url) in waiting(editor).items():
        assert re.search(rf'<a href="{re.escape(url)}">{label}</a></td>\s*<td>{count}</td>', shown), label


def test_each_list_holds_as_many_as_its_count(editor_client, editor, work):
    for label, (count, url) in waiting(editor).items():
        response = editor_client.get(url)
        assert response.status_code == 200 and response.context["paginator"].count == count, label


def test_what_is_done_waits_no_longer(editor, work):
    ErrorReport.objects.update(state="done")
    Resource.objects.update(live=True)
    assert not {"Open error reports", "Resources not published"} & waiting(editor).keys()


def test_who_may_not_do_the_work_is_not_told_of_it(member, visitor, work):
    assert waiting(member) == waiting(visitor) == {}


def test_with_nothing_to_do_the_page_says_so(admin_client):
    assert "Nothing waits for you." in admin_client.get("/cms/").content.decode()
