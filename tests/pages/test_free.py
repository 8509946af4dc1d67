"""Free pages: editions, who sees them, entries, loading, the pages that the footer promises."""

from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from core.loading import load
from gess.context import ABOUT
from pages.content import FreePageLoader
from pages.models import FreePage, HomePage
from sync.models import Document
from tests.pages.factories import free_page, restrict, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def get(client, drained, django_assert_max_num_queries):
    def run(url: str, most: int = 8):
        drained()
        with django_assert_max_num_queries(most):
            return client.get(url)

    return run


def documents(audience: str = "public") -> dict[str, Document]:
    return {d.language: d for d in Document.objects.filter(kind="page", audience=audience, gone=False)}


def test_a_page_shows_all_it_holds_in_the_best_edition(get):
    page = free_page(body=[text("Cookies", "<p>Two.</p>")], reviewed_by="Editors", reviewed_on="2026-11-25")
    html = get("/en/about/privacy/").content.decode()
    for words in ("Privacy", "Lead privacy en.", "Cookies", "Two.", "Reviewed 25 November 2026"):
        assert words in html
    response = get("/fr/about/privacy/")
    assert response.context["page"] == page and response.context["edition_notice"]
    free_page(language="fr")
    response = get("/fr/about/privacy/")
    assert response.context["page"].language == "fr" and not response.context["edition_notice"]
    assert [row[2] for row in response.context["editions"]] == ["/en/about/privacy/", "/fr/about/privacy/", ""]
    assert FreePage.objects.get(language="fr").url == "/fr/about/privacy/"


def test_drafts_and_restricted_pages(get, member_client, editor_client):
    free_page("draft", live=False)
    restrict(free_page("inside"), "login")
    free_page("gone").unpublish()
    for slug, member, editor in (("draft", 404, 200), ("inside", 200, 200), ("gone", 404, 404), ("none", 404, 404)):
        url = f"/en/about/{slug}/"
        assert get(url).status_code == 404
        assert (member_client.get(url).status_code, editor_client.get(url).status_code) == (member, editor)


def test_twins_agree(visitor, member, editor):
    restrict(free_page("inside"), "login")
    free_page("draft", live=False)
    free_page()
    for user, count in ((visitor, 1), (member, 2), (editor, 3)):
        visible = set(FreePage.objects.visible_to(user))
        assert (
            visible == {page for page in FreePage.objects.all() if page.is_visible_to(user)} and len(visible) == count
        )


def test_editions_are_entries_of_one_family_and_changes_are_heard(drained):
    page = free_page(body=[text("Cookies", "<p>Two.</p>")])
    free_page(language="fr")
    drained()
    found = documents()
    assert {d.summary for d in found.values()} == {"Lead privacy en.", "Lead privacy fr."}
    assert {d.family for d in found.values()} == {"page:privacy"} and found["en"].text == "Cookies\nTwo."
    page.slug = "data"
    page.save_revision().publish()
    drained()
    assert documents()["en"].route == ["about", "data"]
    restrict(page.get_parent(), "login")
    drained()
    assert set(documents()) == {"fr"} and set(documents("members")) == {"en", "fr"}
    page.delete()
    drained()
    assert set(documents("members")) == {"fr"}


def test_a_page_is_found_by_searching(get):
    free_page(body=[text("Cookies", "<p>Two of them.</p>")])
    # A search without results is also kept for the editors.
    assert "Lead privacy en." not in get("/en/search/?q=bicycles", most=12).content.decode()
    assert "/en/about/privacy/" in get("/en/search/?q=cookies").content.decode()


def test_an_editor_writes_previews_and_publishes(editor_client, client):
    home = HomePage.objects.get(locale__language_code="en")
    data = nested_form_data(
        {
            "title": "Thanks",
            "slug": "thanks",
            "lead": "To whom.",
            "reviewed_on": "",
            "reviewed_by": "",
            "body": streamfield([("text", {"heading": "People", "text": rich_text("<p>Many.</p>", features=[])})]),
            "comments": inline_formset([]),
        }
    )
    preview = reverse("wagtailadmin_pages:preview_on_add", args=["pages", "freepage", home.pk])
    assert editor_client.post(preview, data).json()["is_valid"] is True
    assert "To whom." in editor_client.get(preview).content.decode()
    add = reverse("wagtailadmin_pages:add", args=["pages", "freepage", home.pk])
    assert editor_client.post(add, {**data, "action-publish": "1"}).status_code == 302
    assert "Many." in client.get("/en/about/thanks/").content.decode()


# --- loading ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "free_pages").mkdir()
    (tmp_path / "free_pages.csv").write_text(
        "slug,language,title,lead,reviewed_on,reviewed_by\nprivacy,en,Privacy,What is kept.,,\n", encoding="utf-8"
    )
    (tmp_path / "free_pages/privacy.en.md").write_text("## Cookies\n\nTwo.\n", encoding="utf-8")
    return tmp_path


def test_loading_keeps_what_editors_wrote(folder):
    assert load(FreePageLoader(), folder).counts == {"new": 1}
    assert load(FreePageLoader(), folder).counts == {"same": 1}
    page = FreePage.objects.get()
    assert page.live and page.url == "/en/about/privacy/"
    page.lead = "Edited."
    page.save_revision().publish()
    assert load(FreePageLoader(), folder).counts == {"edited here": 1}


def test_a_bad_slug_is_told(folder):
    table = folder / "free_pages.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("privacy", "Our privacy"), encoding="utf-8")
    assert "slug 'Our privacy': write small letters" in str(load(FreePageLoader(), folder).problems[0])


def test_the_footer_leads_to_pages_of_the_content_in_every_language(get, client):
    report = load(FreePageLoader(), settings.CONTENT_DIR)
    assert report.problems == []
    present = set(FreePage.objects.values_list("slug", "language"))
    assert present == {(slug, language) for slug, _ in ABOUT for language, _ in settings.LANGUAGES}
    for language, _ in settings.LANGUAGES:
        links = get(f"/{language}/").context["about_pages"]
        assert len(links) == len(ABOUT) + 1
        for link in links:
            response = client.get(link["url"])
            assert response.status_code == 200 and not response.context.get("edition_notice"), link["url"]


def test_every_address_that_the_free_pages_name_is_there(client):
    load(FreePageLoader(), settings.CONTENT_DIR)
    checked = 0
    for page in FreePage.objects.all():
        for block in page.body:
            for address in block.value["text"].source.split('href="')[1:]:
                address = address.split('"')[0]
                if address.startswith("/"):
                    assert client.get(address).status_code == 200, f"{page.slug}: {address}"
                    checked += 1
    assert checked >= 40
