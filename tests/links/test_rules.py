"""What editors and readers decide about links is in force at the next request; what is open is not guessed."""

import pytest
from django.urls import reverse

from glossary.models import Concept
from library.models import Resource
from links.models import Link, Name, NameRule, Suppression
from tests.glossary.factories import concept, section, word
from tests.library.factories import resource

pytestmark = pytest.mark.django_db


def page_of(client, row: Resource) -> str:
    return client.get(f"/en/library/{row.number}/").content.decode()


def linked(client, row: Resource) -> list[str]:
    """Return where the abstract of a resource leads to, in order."""
    parts = page_of(client, row).split('<a class="term" href="')[1:]
    return [part.partition('"')[0] for part in parts]


def address(one: Concept) -> str:
    return reverse("glossary:term", args=[one.sections.get(language="en").head.slug, one.number])


def key(row: Concept | Resource) -> str:
    return f"{'term' if isinstance(row, Concept) else 'resource'}:{row.pk}"


def rule(one: Concept, **fields) -> NameRule:
    return NameRule.objects.create(key=key(one), **fields)


def test_a_name_is_not_linked_while_a_rule_says_so(client, drained):
    fund = concept("reserve fund")
    row = resource("Study", abstract="The reserve fund grows.")
    assert linked(client, row) == [address(fund)]
    made = rule(fund, mode="never")
    assert linked(client, row) == []
    assert not Link.objects.filter(target=key(fund), how="mention").exists()
    assert Name.objects.filter(key=key(fund), mention=False).exists()  # searches still know it
    made.delete()
    assert linked(client, row) == [address(fund)]
    assert Link.objects.filter(source=key(row), target=key(fund), how="mention").exists()


def test_the_most_special_rule_counts(client):
    fund = concept(section("en", "reserve fund", "buffer fund"))
    row = resource("Study", abstract="A buffer fund, or a reserve fund.")
    rule(fund, mode="never")
    rule(fund, phrase="Buffer fund", language="en", mode="first")
    rule(fund, phrase="buffer fund", language="fr", mode="never")
    assert ">buffer fund</a>" in page_of(client, row) and linked(client, row) == [address(fund)]


def test_exactly_as_written(client):
    claim = concept(section("en", "Claim"))
    row = resource("Study", abstract="They claim that a Claim was paid.")
    assert ">claim</a>" in page_of(client, row)
    rule(claim, mode="case_sensitive")
    assert ">Claim</a>" in page_of(client, row) and linked(client, row) == [address(claim)]


def test_only_beside_other_words(client):
    cover = concept("cover")
    near = resource("Near", abstract="Health insurance does not cover all.")
    far = resource("Far", abstract="The cover is red.\n\nInsurance has another paragraph.")
    rule(cover, mode="needs_context", context="insurance\nsocial security")
    assert (linked(client, near), linked(client, far)) == ([address(cover)], [])
    assert set(Link.objects.filter(target=key(cover)).values_list("source", flat=True)) == {key(near)}


def test_every_time(client):
    fund = concept("reserve fund")
    row = resource("Study", abstract="A reserve fund is a reserve fund.")
    assert len(linked(client, row)) == 1
    rule(fund, mode="always")
    assert len(linked(client, row)) == 2


def test_homographs_are_not_guessed(client):
    one = concept(section("en", "sickness benefit", word("allowance", status="admitted")))
    other = concept(section("en", "family benefit", word("allowance", status="admitted")))
    row = resource("Study", abstract="An allowance is paid.")
    assert linked(client, row) == []
    assert not Link.objects.filter(source=key(row), how="mention").exists()
    chosen = rule(other, phrase="allowance", priority=1)
    assert linked(client, row) == [address(other)]
    chosen.delete()
    assert linked(client, row) == []
    rule(one, mode="needs_context", context="sickness")
    assert linked(client, row) == [address(other)]


def test_the_headword_comes_before_an_admitted_word(client):
    concept(section("en", "family benefit", word("allowance", status="admitted")))
    allowance = concept("allowance")
    row = resource("Study", abstract="An allowance is paid.")
    assert linked(client, row) == [address(allowance)]


def test_places_without_links(client):
    fund, cover = concept("reserve fund"), concept("coverage")
    row = resource("Study", abstract="The reserve fund of the coverage  plan. Coverage and a reserve fund.")
    other = resource("Other", abstract="A reserve fund.")
    assert linked(client, row) == [address(fund), address(cover)]
    page = Suppression.objects.create(source=key(row))
    assert (linked(client, row), linked(client, other)) == ([], [address(fund)])
    page.target = key(fund)
    page.save()
    assert linked(client, row) == [address(cover)]
    page.delete()
    Suppression.objects.create(target=key(cover), passage="coverage plan")
    assert ">Coverage</a>" in page_of(client, row)
    Suppression.objects.create(target=key(fund))
    assert (linked(client, row), linked(client, other)) == ([address(cover)], [])
    assert Link.objects.filter(target=key(fund), how="mention").count() == 2  # mentioned still


def test_editors_name_entries_by_their_addresses(client, editor_client, editor):
    fund = concept("reserve fund")
    row = resource("Study", abstract="The reserve fund grows.")
    assert linked(client, row) == [address(fund)]
    add = reverse("wagtailsnippets_links_suppression:add")
    data = {"source": f"http://testserver/en/library/{row.number}/", "target": "", "passage": "", "reason": "a title"}
    assert editor_client.post(add, data).status_code == 302
    made = Suppression.objects.get()
    assert (made.source, made.target, made.user) == (key(row), "", editor)
    assert linked(client, row) == []
    shown = editor_client.get(reverse("wagtailsnippets_links_suppression:edit", args=[made.pk])).content.decode()
    assert f'value="/en/library/{row.number}/"' in shown
    refused = editor_client.post(add, {**data, "source": "/en/library/"}).content.decode()
    assert "There is no entry at this address" in refused
    assert "Say on which page" in editor_client.post(add, {**data, "source": ""}).content.decode()
    made.delete()

    add = reverse("wagtailsnippets_links_namerule:add")
    data = {"key": address(fund), "phrase": "", "language": "", "mode": "needs_context", "context": "", "priority": "0", "reason": ""}  # fmt: skip
    assert "Give the words beside which" in editor_client.post(add, data).content.decode()
    assert editor_client.post(add, {**data, "context": "pension"}).status_code == 302
    assert NameRule.objects.get().key == key(fund)
    assert linked(client, row) == []


def test_visitors_may_not_decide(client):
    assert client.get(reverse("wagtailsnippets_links_namerule:add")).status_code == 302
    assert client.post(reverse("wagtailsnippets_links_suppression:add"), {}).status_code == 302
    assert not Suppression.objects.exists()


def test_readers_switch_links_off_and_on(client):
    fund = concept("reserve fund")
    row = resource("Study", abstract="The reserve fund grows.")
    path = f"/en/library/{row.number}/"
    assert 'value="off"' in page_of(client, row)
    answer = client.post("/en/links/", {"links": "off", "next": path})
    assert (answer.status_code, answer["Location"]) == (303, path)
    assert linked(client, row) == [] and 'value="on"' in page_of(client, row)
    assert client.post("/en/links/", {"links": "on", "next": path}).cookies["term_links"].value == ""
    assert linked(client, row) == [address(fund)]


@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "", "/\\evil.example"]
)
def test_the_switch_leads_nowhere_else(client, path):
    assert client.post("/en/links/", {"links": "off", "next": path})["Location"] == "/"


def test_the_switch_is_only_where_there_are_links_to_switch(client):
    assert 'name="links"' not in client.get("/en/search/").content.decode()
    assert client.get("/en/links/").status_code == 405
