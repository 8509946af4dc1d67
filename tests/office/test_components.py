"""The page of all components: for the staff alone, whole, and kept out of indexes."""

from pathlib import Path

import pytest
from django.conf import settings

from tests.conftest import client_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/en/components/"
FOLDER = Path(settings.BASE_DIR) / "templates"


def test_the_staff_sees_every_component(editor_client, django_assert_max_num_queries):
    for language in ("en", "fr", "es"):
        with django_assert_max_num_queries(8):
            response = editor_client.get(f"/{language}/components/")
        assert response.status_code == 200
        shown = {template.name for template in response.templates}
        there = {str(path.relative_to(FOLDER)) for path in (FOLDER / "components").glob("*.html")}
        assert len(there) > 20 and not there - shown


def test_samples_are_short_long_foreign_and_wrong(admin_client):
    page = admin_client.get(ADDRESS)
    text = page.content.decode()
    assert len(page.context["long"]) >= 300 and page.context["long"] in text
    assert 'dir="rtl"' in text and 'class="errors"' in text and text.count('class="field wrong"') >= 4
    assert '<meta name="robots" content="noindex, nofollow">' in text


def test_nobody_else_finds_it(client, member_client):
    expert = client_of(UserFactory(groups=["Experts"]))
    for reader in (client, member_client, expert):
        assert reader.get(ADDRESS).status_code == 404


def test_it_only_shows(editor_client):
    assert editor_client.post(ADDRESS).status_code == 405
