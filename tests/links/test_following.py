"""Links follow the content: names that come and go, topics, related entries, and links inserted while rendering."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.test import RequestFactory

from library.models import Resource
from links.models import Link
from links.related import about, groups, topic_counts
from sync.drain import drain
from tests.pages.factories import country_page
from tests.sync.helpers import country, resource, theme, titles

pytestmark = pytest.mark.django_db


def links(how: str) -> set[tuple[str, str]]:
    titles()
    return set(Link.objects.filter(how=how, audience="public").values_list("source", "target"))


def tag(row: Resource, land) -> None:
    row.countries.through.objects.create(resource=row, country=land)


def test_a_text_is_linked_when_the_country_it_names_appears_and_unlinked_when_it_goes():
    senegal = country()
    text = resource("A study", abstract="Compared with Senegal, little is known.")
    assert links("mention") == set()  # nothing about Senegal is here yet
    other = resource("Another study")
    tag(other, senegal)
    assert links("mention") == {(f"resource:{text.pk}", f"country:{senegal.pk}")}
    Resource.countries.through.objects.all().delete()
    assert links("mention") == set()


def test_a_renamed_country_is_linked_by_its_new_name_only():
    land = country("CPV", "CV", "Cape Verde")
    tag(resource("Study"), land)
    old, new = resource("On Cape Verde"), resource("On Cabo Verde")
    assert links("mention") == {(f"resource:{old.pk}", f"country:{land.pk}")}
    type(land).objects.update(name_en="Cabo Verde", name_fr="Cap-Vert")
    assert links("mention") == {(f"resource:{new.pk}", f"country:{land.pk}")}


def test_names_count_only_as_they_are_written():
    turkey = country("TUR", "TR", "Turkey")
    tag(resource("Study"), turkey)
    resource("Prices of turkey meat")
    named = resource("Reforms in Turkey")
    assert links("mention") == {(f"resource:{named.pk}", f"country:{turkey.pk}")}


def test_topics_are_links_to_themes_their_ancestors_and_countries():
    root = theme("branches")
    leaf, senegal = theme("maternity", root), country()
    row = resource("Study")
    row.themes.through.objects.create(resource=row, theme=leaf)
    tag(row, senegal)
    source = f"resource:{row.pk}"
    assert {target for found, target in links("topic") if found == source} == {
        f"theme:{leaf.pk}", f"theme:{root.pk}", f"country:{senegal.pk}",
    }  # fmt: skip
    assert topic_counts("resource", "public")[f"theme:{root.pk}"] == 1


def test_a_list_shows_one_edition_of_a_work_in_the_readers_language(settings):
    senegal = country()
    english = resource("Report", date="2015")
    french = resource("Rapport", language="fr", work=english.work, date="2015")
    tag(english, senegal)
    tag(french, senegal)
    drain()
    assert [d.title for d in about(f"country:{senegal.pk}", "resource", "public")] == ["Report"]
    assert topic_counts("resource", "public")[f"country:{senegal.pk}"] == 1


def test_related_entries_are_rechecked_and_share_the_rarest_topics_first(monkeypatch):
    senegal, kenya = country(), country("KEN", "KE", "Kenya")
    first = resource("First")
    near, far, hidden = resource("Near"), resource("Far"), resource("Hidden")
    tag(first, senegal)
    tag(first, kenya)
    tag(near, senegal)
    for row in (far, hidden, resource("Other")):
        tag(row, kenya)
    drain()
    Resource.objects.filter(pk=hidden.pk).update(live=False)  # not drained: the index still has it
    found = {group.items[0].kind: group for group in groups(f"resource:{first.pk}", AnonymousUser())}
    assert [item.title for item in found["resource"].items][:2] == ["Near", "Far"]
    assert "Hidden" not in [item.title for item in found["resource"].items]


def render(html: str, language: str = "en", key: str = "") -> str:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    template = Template("{% load links %}{% linked html language key %}")
    return template.render(Context({"request": request, "html": html, "language": language, "key": key}))


def test_countries_in_a_text_are_linked_once_a_section_and_never_to_the_page_itself():
    senegal = country()
    tag(resource("Study"), senegal)
    drain()
    html = render("<p>In Senegal and Senegal.</p><h2>Senegal</h2><p>Senegal again</p>")
    assert html.count('href="/en/countries/sen/"') == 2
    assert "<h2>Senegal</h2>" in html
    own = f"country:{senegal.pk}"
    assert render("<p>In Senegal</p>", key=own) == "<p>In Senegal</p>"


def test_what_a_reader_may_not_see_is_not_linked(client):
    page = country_page("SEN")
    drain()
    assert "/en/countries/sen/" in render("<p>Senegal</p>")
    page.unpublish()
    drain()
    assert render("<p>Senegal</p>") == "<p>Senegal</p>"


def test_a_country_page_links_the_countries_it_names(client):
    country_page("KEN")
    country_page("SEN", body=[{"type": "text", "value": {"heading": "Work", "text": "<p>As in Kenya.</p>"}}])
    page = client.get("/en/countries/sen/").content.decode()
    assert 'href="/en/countries/ken/" data-auto=' in page
