"""An editor's work on country pages, through the editing screens."""

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from pages.models import CountryPage
from sync.models import Document
from tests.pages.factories import CountryFactory, country_page, scheme, section

pytestmark = pytest.mark.django_db


def form(page: CountryPage | None = None, **changes) -> dict[str, str]:
    """What the edit form sends: a text, a figure, and one scheme."""
    figure = {"value": "29.9", "unit": "%", "label": "Older", "source": "ILO", "source_url": "", "year": "2019"}
    rows = [
        {
            "id": row.pk,
            "branches": ("old-age",),
            "state": "full",
            "programmes": ("social-insurance",),
            "source": "A survey",
            "year": "2011",
        }
        for row in (page.schemes.all() if page else [])
    ] or [{"branches": ("old-age",), "state": "full", "programmes": (), "source": "A survey", "year": "2011"}]
    return nested_form_data(
        {
            "title": "Senegal",
            "country": CountryFactory().pk,
            "lead": "First lead.",
            "reviewed_on": "2026-03-01",
            "reviewed_by": "Editors",
            "body": streamfield(
                [
                    ("key_figures", {"figures": streamfield_list([figure])}),
                    ("scheme_table", ""),
                    ("text", {"heading": "Coverage", "text": rich_text("<p>Few.</p>", features=["bold"])}),
                ]
            ),
            "schemes": inline_formset(rows, initial=page.schemes.count() if page else 0),
            "comments": inline_formset([]),
            **changes,
        }
    )


def streamfield_list(values: list[dict]) -> dict:
    """A list block as its form sends it."""
    items = {str(i): {"deleted": "", "order": str(i), "id": "", "value": value} for i, value in enumerate(values)}
    return {"count": str(len(values)), **items}


def add_url(name: str = "add") -> str:
    return reverse(f"wagtailadmin_pages:{name}", args=["pages", "countrypage", section().pk])


def errors(response) -> str:
    return str(response.context["form"].errors) if response.context and "form" in response.context else ""


def test_from_draft_through_preview_to_publication(editor_client, client):
    response = editor_client.post(add_url(), form())
    page = CountryPage.objects.get()
    assert response.status_code == 302, errors(response)
    assert (page.live, page.slug, page.language, page.schemes.count()) == (False, "senegal", "en", 1)
    assert client.get("/en/countries/sen/").status_code == 404

    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    draft = editor_client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])).content.decode()
    assert "First lead." in draft and "29.9" in draft and "Few." in draft

    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    changed = form(page, lead="Better lead.")
    assert editor_client.post(preview, changed).json() == {"is_valid": True, "is_available": True}
    shown = editor_client.get(preview).content.decode()
    assert "Better lead." in shown and "Social insurance" in shown, "the unsaved form is previewed"
    assert client.get("/en/countries/sen/").status_code == 404

    response = editor_client.post(edit, {**changed, "action-publish": "1"})
    assert response.status_code == 302, errors(response)
    public = client.get("/en/countries/sen/")
    assert "Better lead." in public.content.decode() and public.context["edge_states"] == {"old-age": "full"}
    assert Document.objects.get(audience="public", kind="country", language="en").summary == "Better lead."

    editor_client.post(edit, form(page, lead="Next lead."))
    assert "Better lead." in client.get("/en/countries/sen/").content.decode(), "a new draft is not public"
    editor_client.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
    assert client.get("/en/countries/sen/").status_code == 404


def test_a_new_page_can_be_previewed_before_it_is_saved(editor_client):
    url = add_url("preview_on_add")
    assert editor_client.post(url, form()).json()["is_valid"] is True
    assert "First lead." in editor_client.get(url).content.decode()
    assert not CountryPage.objects.exists()


def test_sections_and_home_are_previewed_as_readers_see_them(editor_client):
    country_page()
    for page in (section(), section().get_parent()):
        html = editor_client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])).content.decode()
        assert "/en/countries/sen/" in html


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"country": ""}, "country"),
        ({"lead": ""}, "lead"),
        ({"lead": "x" * 401}, "lead"),
        ({"schemes": inline_formset([{"branches": (), "state": "full", "source": "S", "year": "2011"}])}, "branches"),
        ({"schemes": inline_formset([{"branches": ("old-age",), "state": "full", "year": "2011"}])}, "source"),
        ({"schemes": inline_formset([{"branches": ("x",), "state": "full", "source": "S", "year": 2011}])}, "branches"),
    ],
)
def test_what_is_missing_is_told_and_nothing_published(editor_client, change, field):
    response = editor_client.post(add_url(), {**form(**change), "action-publish": "1"})
    assert response.status_code == 200 and not CountryPage.objects.exists()
    schemes = response.context["form"].formsets["schemes"].errors
    assert field in response.context["form"].errors or any(field in row for row in schemes)


def test_a_figure_needs_source_and_year(editor_client):
    figure = {"value": "3", "unit": "%", "label": "Older", "source": "", "source_url": "", "year": ""}
    body = streamfield([("key_figures", {"figures": streamfield_list([figure])})])
    response = editor_client.post(add_url(), {**form(body=body), "action-publish": "1"})
    assert response.status_code == 200 and "body" in response.context["form"].errors
    assert not CountryPage.objects.exists()


def test_a_second_page_of_the_country_is_refused(editor_client):
    country_page()
    response = editor_client.post(add_url(), form(title="Again"))
    assert response.status_code == 200
    assert "edit that one" in str(response.context["form"].errors["country"])


def test_a_copy_is_refused_with_what_to_do_instead(editor_client):
    url = reverse("wagtailadmin_pages:copy", args=[country_page().pk])
    data = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": section("fr").pk}
    for response in (editor_client.get(url, follow=True), editor_client.post(url, data, follow=True)):
        assert "in the section of that language" in response.content.decode()
    assert CountryPage.objects.count() == 1


def test_another_language_s_page_is_added_in_its_section(editor_client):
    country_page()
    url = reverse("wagtailadmin_pages:add", args=["pages", "countrypage", section("fr").pk])
    response = editor_client.post(url, {**form(title="Sénégal"), "action-publish": "1"})
    assert response.status_code == 302, errors(response)
    assert CountryPage.objects.get(language="fr").url == "/fr/countries/sen/"


def test_editors_see_country_pages_with_country_and_review(editor_client):
    country_page(schemes=[scheme(["old-age"])], reviewed_on="2026-03-01")
    for ordering in ("title", "reviewed_on", "-reviewed_on"):
        response = editor_client.get(reverse("wagtailadmin_explore", args=[section().pk]), {"ordering": ordering})
        assert response.status_code == 200
        assert "SEN" in response.content.decode() and "Reviewed on" in response.content.decode()


def test_members_do_not_edit(member_client):
    country_page()
    assert member_client.get(add_url()).status_code in (302, 403)
