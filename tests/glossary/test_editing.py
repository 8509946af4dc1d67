"""Editors at work: a concept with nested languages, terms and forms; what the screens refuse."""

from typing import Any

import pytest
from django.urls import reverse

from glossary.models import Concept, ConceptRelation, Designation, SurfaceForm
from tests.glossary.factories import concept, pension, section

pytestmark = pytest.mark.django_db


def address(name: str, *args, model: str = "concept") -> str:
    return reverse(f"wagtailsnippets_glossary_{model}:{name}", args=args)


def formset(prefix: str, rows: list[dict[str, Any]], initial: int = 0) -> dict[str, str]:
    """Return the fields of a formset; a row's own formsets are lists of rows."""
    data = {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": str(initial)}
    data |= {f"{prefix}-MIN_NUM_FORMS": "0", f"{prefix}-MAX_NUM_FORMS": "1000"}
    for place, row in enumerate(rows):
        data |= {f"{prefix}-{place}-{name}": "" for name in ("id", "DELETE")} | {
            f"{prefix}-{place}-ORDER": str(place + 1)
        }
        for name, value in row.items():
            if isinstance(value, list):
                data |= formset(f"{prefix}-{place}-{name}", value, sum(bool(each.get("id")) for each in value))
            else:
                data[f"{prefix}-{place}-{name}"] = str(value)
    return data


def term(text: str, forms: tuple[str, ...] = (), **fields: Any) -> dict[str, Any]:
    words = {
        "text": text,
        "kind": "full_form",
        "status": "preferred",
        "pos": "noun",
        "gender": "",
        "number": "singular",
    }
    words |= dict.fromkeys(("region", "qualifier", "context", "source", "reason", "replaced_by"), "")
    rows = [{"text": form, "origin": "editor", "enabled": "on"} for form in forms]
    return words | {"link_mode": "always", "forms": rows} | fields


def language(code: str, *terms: dict[str, Any], **fields: Any) -> dict[str, Any]:
    texts = {"state": "validated", "definition": "what it means", "definition_source": "GESS editors, 2026"}
    texts |= {"definition_url": "", "note": "", "example": ""}
    return {"language": code, **texts, "designations": list(terms), **fields}


def form(*sections: dict[str, Any], relations: list[dict[str, Any]] | None = None, **fields: Any) -> dict[str, str]:
    data = {"status": "validated", "reason": "", "replaced_by": ""}
    existing = sum(bool(each.get("id")) for each in sections)
    return data | formset("sections", list(sections), existing) | formset("relations", relations or []) | fields


def test_from_draft_over_preview_to_publication(client, editor_client):
    data = form(language("en", term("old-age pension", ("old-age pensions",))), language("fr", term("pension")))
    assert editor_client.post(address("preview_on_add"), data).json()["is_valid"]
    assert b"<dfn>old-age pension</dfn>" in editor_client.get(address("preview_on_add")).content
    assert editor_client.post(address("add"), data).status_code == 302
    made = Concept.objects.get()
    assert not made.live and made.number and SurfaceForm.objects.get(origin="editor").text == "old-age pensions"
    public = f"/en/glossary/old-age-pension-{made.number}/"
    assert client.get(public).status_code == 404

    english, french = made.sections.order_by("sort_order")
    one, other = english.designations.get(), french.designations.get()
    words = term("old-age pension", id=one.pk)
    words["forms"] = [{"id": one.forms.get().pk, "text": "old-age pensions", "origin": "editor", "enabled": "on"}]
    sections = [language("en", words, id=english.pk), language("fr", term("pension", id=other.pk), id=french.pk)]
    data = form(*sections, **{"action-publish": "1"})
    assert editor_client.post(address("edit", made.pk), data).status_code == 302
    assert b"what it means" in client.get(public).content

    sections[0]["definition"] = "second thoughts"
    assert editor_client.post(address("preview_on_edit", made.pk), form(*sections)).json()["is_valid"]
    assert b"second thoughts" in editor_client.get(address("preview_on_edit", made.pk)).content
    assert editor_client.post(address("edit", made.pk), form(*sections)).status_code == 302
    assert b"second thoughts" not in client.get(public).content
    assert editor_client.get(address("edit", made.pk)).status_code == 200
    assert editor_client.get(address("history", made.pk)).status_code == 200
    data = form(*sections, **{"action-publish": "1"})
    assert editor_client.post(address("edit", made.pk), data).status_code == 302
    assert b"second thoughts" in client.get(public).content
    assert Designation.objects.count() == 2
    # The plural of a single word is only proposed.
    assert set(SurfaceForm.objects.values_list("text", "enabled")) == {("old-age pensions", True), ("pensions", False)}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (form(language("en", term("claim"), definition="")), "A validated section needs a definition and its source."),
        (
            form(language("en", term("claim"), definition_source="")),
            "A validated section needs a definition and its source.",
        ),
        (form(language("en", term("claim", status="admitted"))), "Mark one full form as preferred."),
        (form(language("en", term("claim"), term("demand"))), "Only one full form can be preferred"),
        (form(language("en", term("claim"), term("claim", status="admitted"))), "“claim” stands here twice."),
        (form(language("en", term("claim"), state="draft")), "needs a validated section in at least one language"),
        (
            form(language("en", term("claim")), language("en", term("demand"))),
            "correct the duplicate data for concept and language",
        ),
        (
            form(language("en", term("claim", ("claims", "claims")))),
            "correct the duplicate data for designation and text",
        ),
        (form(language("en", term("BENEFIT"))), "give one of them a qualifier"),
        (form(language("en", term("claim")), status="deprecated"), "Say why the concept is deprecated"),
        (form(language("en", term("claim", region="mx"))), "two capital letters"),
        (form(language("en", term(""))), "This field is required."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_saved(editor_client, data, told):
    concept("benefit")
    for extra in ({}, {"action-publish": "1"}):
        response = editor_client.post(address("add"), data | extra)
        if response.status_code == 302:  # an empty required field of a draft may wait for its publication
            assert not extra and told == "This field is required."
            Concept.objects.exclude(number=1).delete()
            continue
        assert response.status_code == 200 and told in response.content.decode()
        assert Concept.objects.count() == 1


def test_a_circle_is_refused(editor_client):
    top = concept("scheme")
    bottom = concept("fund", broader=[top])
    (own,) = top.sections.all()
    data = form(
        language("en", term("scheme", id=own.designations.get().pk), id=own.pk),
        relations=[{"kind": "broader_generic", "target": bottom.pk}],
    )
    response = editor_client.post(address("edit", top.pk), data)
    assert response.status_code == 200 and "The broader concepts run in a circle." in response.content.decode()
    data = form(
        language("en", term("scheme", id=own.designations.get().pk), id=own.pk),
        relations=[{"kind": "related", "target": bottom.pk}],
    )
    response = editor_client.post(address("edit", top.pk), data)
    assert "A related concept also stands above or below" in response.content.decode()
    assert ConceptRelation.objects.count() == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=pension", True), ("q=vejez", True), ("q=nothing", False), ("q=7", True), ("status=validated", True),
        ("status=draft", False), ("language=fr&state=validated", True), ("language=fr&state=draft", False),
        ("live=False", False),
    ],
)  # fmt: skip
def test_the_list_is_searched_and_filtered(editor_client, query, found):
    pension(number=7)
    response = editor_client.get(f"{address('list')}?{query}")
    page = response.content.decode()
    assert response.status_code == 200 and ("old-age pension" in page) is found
    assert page.count("old-age pension</a>") <= 1


def test_a_collection_is_kept(editor_client):
    data = {"name_en": "Funds", "name_fr": "Fonds", "name_es": "Fondos", "slug": "funds", "position": "1"}
    assert editor_client.post(address("add", model="collection"), data).status_code == 302
    assert "Funds" in editor_client.get(address("list", model="collection")).content.decode()


def test_what_replaces_another_cannot_be_deleted(editor_client):
    new = concept("benefit")
    concept("dole", status="deprecated", replaced_by=new)
    response = editor_client.post(address("delete", new.pk), follow=True)
    assert "replaces a deprecated concept" in response.content.decode() and Concept.objects.count() == 2


def test_members_stay_out(member_client):
    concept(section("en", "benefit"))
    for name in ("list", "add"):
        assert member_client.get(address(name)).status_code in (302, 403)
    assert member_client.post(address("add"), form(language("en", term("claim")))).status_code in (302, 403)
    assert Concept.objects.count() == 1
