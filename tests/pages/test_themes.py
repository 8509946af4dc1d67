"""Theme pages: editions, chosen resources, who sees them, and that every change is heard."""

import datetime

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from links.models import Link
from pages.models import KeyResource, ThemeIndexPage, ThemePage
from pages.visibility import themes_visible_to
from sync.models import Dirty, Document
from sync.presentation import item
from taxonomy.models import Theme
from tests.library.factories import resource
from tests.pages.factories import ThemeFactory, country_page, restrict, scheme, text, theme_page, told

pytestmark = pytest.mark.django_db
FIGURES = {
    "type": "key_figures",
    "value": {"figures": [{"value": "83", "unit": "%", "label": "Covered, Chile", "source": "ILO", "year": 2021}]},
}


@pytest.fixture
def get(client, drained, django_assert_max_num_queries):
    """Read a page as a visitor, after all pending work, within the budget."""

    def run(url: str):
        drained()
        with django_assert_max_num_queries(8):
            return client.get(url)

    return run


@pytest.fixture
def chosen(db):
    return [resource("Second thoughts"), resource("First steps"), resource("Withdrawn", live=False)]


@pytest.fixture
def page(chosen) -> ThemePage:
    root = ThemeFactory(slug="branches")
    ThemeFactory(slug="reform", parent=ThemeFactory(slug="old-age", parent=root))
    body = [FIGURES, text("Who is covered", "<p>Few.</p>")]
    return theme_page(resources=[chosen[1], chosen[0], chosen[2]], body=body, reviewed_on=datetime.date(2026, 3, 1))


def documents(key: str, audience: str = "public") -> dict[str, Document]:
    return {d.language: d for d in Document.objects.filter(key=key, audience=audience, gone=False)}


# --- the public page --------------------------------------------------------------------------------------------------


def test_a_page_shows_all_it_holds(get, page):
    told(f"theme:{Theme.objects.get(slug='reform').pk}", source="resource:999")
    response = get("/en/themes/old-age/")
    html = response.content.decode()
    for words in (
        "Lead old-age en.",
        "Covered, Chile",
        "Who is covered",
        "Few.",
        "Reviewed 1 March 2026",
        "Key resources",
    ):
        assert words in html
    assert [row.title for row in response.context["key_resources"]] == ["First steps", "Second thoughts"]
    assert html.index("First steps") < html.index("Second thoughts") < html.index("Who is covered")
    assert "Withdrawn" not in html
    assert response.context["status"] == "Figures to 2021."
    assert [child.title for child in response.context["children"]] == ["Reform"]


def test_the_best_edition_is_shown_and_marked(get, page):
    response = get("/es/themes/old-age/")
    assert response.context["page"] == page and response.context["edition_notice"]
    theme_page(language="es")
    response = get("/es/themes/old-age/")
    assert response.context["page"].language == "es" and not response.context["edition_notice"]
    rows = {language: (url, shown) for _, language, url, shown in response.context["editions"]}
    assert rows == {"en": ("/en/themes/old-age/", False), "fr": ("", False), "es": ("/es/themes/old-age/", True)}


def test_a_theme_without_page_lists_what_is_told(get):
    told(f"theme:{ThemeFactory(slug='old-age').pk}")
    response = get("/en/themes/old-age/")
    assert response.status_code == 200 and response.context["page"] is None
    assert not response.context["editions"] and not response.context["key_resources"]


def test_lists_hold_five_of_all_and_lead_to_all(get, page, client):
    theme = page.theme
    for number in range(7):
        resource(f"Paper {number}", themes=[theme], date=str(2010 + number))
    for iso3 in ("SEN", "KEN", "CPV"):
        country_page(iso3, schemes=[scheme(["old-age"])])
    response = get("/en/themes/old-age/")
    library = response.context["library"]
    assert [row.title for row in library.items] == [f"Paper {n}" for n in (6, 5, 4, 3, 2)] and library.total == 7
    assert "Paper 0" in client.get(library.url).content.decode() and "All 7" in response.content.decode()
    ((heading, items, total, url),) = response.context["related"]
    assert (str(heading), {row.title for row in items}, total) == ("Countries", {"Senegal", "Kenya", "Cape Verde"}, 3)
    found = client.get(url)
    assert found.status_code == 200 and found.context["count"] == 3


def test_what_was_withdrawn_leaves_the_lists_at_once_also_if_unheard(client, drained, page):
    paper = resource("Paper", themes=[page.theme])
    drained()
    type(paper).objects.filter(pk=paper.pk).update(live=False)
    Dirty.objects.all().delete()
    assert documents(f"resource:{paper.pk}")
    response = client.get("/en/themes/old-age/")
    assert response.context["library"].total == 0 and "Paper" not in response.content.decode()


# --- who sees it ------------------------------------------------------------------------------------------------------


def test_a_draft_is_the_staffs_alone(get, editor_client):
    theme_page(live=False)
    assert get("/en/themes/old-age/").status_code == 404
    assert "only staff see this page" in editor_client.get("/en/themes/old-age/").content.decode()


@pytest.mark.parametrize("kind", ["login", "password", "groups"])
def test_a_restricted_page_is_not_found_by_visitors(get, kind, page, member_client, editor_client):
    restrict(ThemeIndexPage.objects.get(locale__language_code="en"), kind)
    url = "/en/themes/old-age/"
    assert get(url).status_code == 404
    assert member_client.get(url).status_code == (200 if kind == "login" else 404)
    assert editor_client.get(url).status_code == 200


def test_twins_agree_over_a_mixed_set(visitor, member, editor, admin):
    theme_page("old-age")
    theme_page("sickness", live=False)
    theme_page("maternity").unpublish()
    restrict(theme_page("invalidity"), "login")
    restrict(theme_page("survivors", "fr"), "password")
    for user, count in ((visitor, 1), (member, 2), (editor, 4), (admin, 4)):
        visible = set(ThemePage.objects.visible_to(user))
        assert visible == {page for page in ThemePage.objects.all() if page.is_visible_to(user)}
        assert {page.theme for page in visible} == set(themes_visible_to(user)) and len(visible) == count


# --- entries ----------------------------------------------------------------------------------------------------------


def test_each_edition_is_an_entry_and_other_languages_keep_the_name(page, drained):
    theme_page(language="fr", title="Pensions")
    drained()
    found = documents(f"theme:{page.theme.pk}")
    assert {language: (d.title, d.summary) for language, d in found.items()} == {
        "en": ("Old-age", "Lead old-age en."),
        "fr": ("Pensions", "Lead old-age fr."),
        "es": ("old-age (es)", ""),
    }
    assert found["en"].themes == ["old-age", "branches"] and found["en"].date == datetime.date(2026, 3, 1)
    assert found["en"].text.splitlines() == ["83 % Covered, Chile (ILO, 2021)", "Who is covered", "Few."]
    assert item(found["en"]).metadata == ["Branches", "Facts as of 2021"]


def test_chosen_resources_are_references(page, chosen, drained):
    drained()
    links = Link.objects.filter(source=f"theme:{page.theme.pk}", how=Link.How.REFERENCE, audience="public")
    assert set(links.values_list("target", flat=True)) == {f"resource:{one.pk}" for one in chosen}
    KeyResource.objects.filter(resource=chosen[0]).delete()
    drained()
    assert links.count() == 2


@pytest.mark.parametrize(
    "hide",
    [
        lambda page: page.unpublish(),
        lambda page: page.delete(),
        lambda page: restrict(page.get_parent(), "login"),
        lambda page: ThemePage.objects.filter(pk=page.pk).update(alias_of=page.get_parent()),
    ],
    ids=["unpublish", "delete", "restrict section", "alias"],
)
def test_what_hides_a_page_is_heard(page, hide, drained):
    drained()
    key = f"theme:{page.theme.pk}"
    assert documents(key)["en"].summary == "Lead old-age en."
    hide(page)
    drained()
    assert not documents(key)


def test_a_draft_is_found_by_staff_as_a_draft(drained):
    page = theme_page(live=False)
    drained()
    key = f"theme:{page.theme.pk}"
    assert not documents(key) and not documents(key, "members")
    assert documents(key, "staff")["en"].facets["draft"] is True


def test_the_api_tells_what_the_page_tells(client, page, chosen):
    data = client.get("/api/v1/themes/old-age/").json()
    (edition,) = data["pages"]
    assert edition["url"] == "http://testserver/en/themes/old-age/"
    assert edition["key_resources"] == [chosen[1].number, chosen[0].number], "what is withdrawn is not told"
    assert edition["figures"][0]["value"] == "83"
    restrict(page, "login")
    assert client.get("/api/v1/themes/old-age/").status_code == 404


# --- editing ----------------------------------------------------------------------------------------------------------


def form(theme: Theme, resources: list, **changes) -> dict[str, str]:
    return nested_form_data(
        {
            "title": "Old-age pensions",
            "theme": theme.pk,
            "lead": "First lead.",
            "reviewed_on": "",
            "reviewed_by": "",
            "key_resources": inline_formset([{"resource": one.pk} for one in resources]),
            "body": streamfield([("text", {"heading": "Coverage", "text": rich_text("<p>Few.</p>", features=[])})]),
            "comments": inline_formset([]),
            **changes,
        }
    )


def test_an_editor_writes_previews_and_publishes(editor_client, client, chosen):
    theme = ThemeFactory(slug="old-age")
    section = ThemeIndexPage.objects.get(locale__language_code="en")
    data = form(theme, chosen[:2])
    preview = reverse("wagtailadmin_pages:preview_on_add", args=["pages", "themepage", section.pk])
    assert editor_client.post(preview, data).json()["is_valid"] is True
    shown = editor_client.get(preview).content.decode()
    assert "First lead." in shown and "Second thoughts" in shown
    add = reverse("wagtailadmin_pages:add", args=["pages", "themepage", section.pk])
    assert editor_client.post(add, {**data, "action-publish": "1"}).status_code == 302
    assert "First lead." in client.get("/en/themes/old-age/").content.decode()
    again = editor_client.post(add, {**form(theme, [], title="Again"), "action-publish": "1"})
    assert again.status_code == 200 and "edit that one" in str(again.context["form"].errors["theme"])
    listed = editor_client.get(reverse("wagtailadmin_explore", args=[section.pk])).content.decode()
    assert "Old-age pensions" in listed and "Reviewed on" in listed


def test_a_copy_is_refused_and_the_section_is_previewed(editor_client):
    page = theme_page()
    copied = editor_client.get(reverse("wagtailadmin_pages:copy", args=[page.pk]), follow=True)
    assert "A theme has one page in each language" in copied.content.decode()
    draft = reverse("wagtailadmin_pages:view_draft", args=[page.get_parent().pk])
    assert "/en/themes/old-age/" in editor_client.get(draft).content.decode()


def test_resources_are_chosen_by_searching(editor_client, chosen):
    url = reverse("wagtailsnippetchoosers_library_resource:choose_results")
    shown = editor_client.get(url, {"q": "steps"}).content.decode()
    assert "First steps" in shown and "Second thoughts" not in shown
