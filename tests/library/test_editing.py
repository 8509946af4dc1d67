"""Editors at work: a draft, its preview, publishing, and what the screens refuse."""

import pytest
from django.urls import reverse

from library.models import Agent, Resource, Work
from tests.library.factories import organisation, person, resource

pytestmark = pytest.mark.django_db


def address(name: str, *args, model: str = "resource") -> str:
    return reverse(f"wagtailsnippets_library_{model}:{name}", args=args)


def form(*, contributions=(), identifiers=(), **fields) -> dict[str, str]:
    """Return a filled form: contributions as (role, agent), identifiers as (scheme, text)."""
    data = dict.fromkeys(
        ("subtitle", "abstract", "date", "series", "series_number", "place", "pages", "url", "seen_at", "work"), ""
    )
    data |= {"title": "Maternity at work", "type": "report", "language": "en"}
    for name, rows, columns in (
        ("contributions", contributions, ("role", "agent")),
        ("identifiers", identifiers, ("scheme", "raw")),
    ):
        data |= {f"{name}-TOTAL_FORMS": str(len(rows)), f"{name}-INITIAL_FORMS": "0"}
        data |= {f"{name}-MIN_NUM_FORMS": "0", f"{name}-MAX_NUM_FORMS": "1000"}
        for place, row in enumerate(rows):
            data |= {f"{name}-{place}-{column}": value for column, value in zip(columns, row, strict=True)}
            data |= {f"{name}-{place}-ORDER": str(place + 1), f"{name}-{place}-id": "", f"{name}-{place}-DELETE": ""}
    return data | fields


def test_from_draft_over_preview_to_publication(client, editor_client):
    author = person("Ong, C. B.")
    data = form(date="2015-03", contributions=[("author", str(author.pk))], identifiers=[("isbn", "92-2-112080-5")])
    assert editor_client.post(address("preview_on_add"), data).json()["is_valid"]
    preview = editor_client.get(address("preview_on_add"))
    assert b"Ong, C. B. 2015. <i>Maternity at work</i>" in preview.content
    assert editor_client.post(address("add"), data).status_code == 302
    draft = Resource.objects.get()
    assert not draft.live and draft.number and draft.work and draft.year == 2015
    public = f"/en/library/{draft.number}/"
    assert client.get(public).status_code == 404

    part, identifier = draft.contributions.get(), draft.identifiers.get()
    data |= {"title": "Changed", "action-publish": "1", "work": str(draft.work_id)}
    data |= {"contributions-INITIAL_FORMS": "1", "contributions-0-id": str(part.pk)}
    data |= {"identifiers-INITIAL_FORMS": "1", "identifiers-0-id": str(identifier.pk)}
    assert editor_client.post(address("preview_on_edit", draft.pk), data).json()["is_valid"]
    assert b"Changed" in editor_client.get(address("preview_on_edit", draft.pk)).content
    assert editor_client.post(address("edit", draft.pk), data).status_code == 302
    assert b"Changed" in client.get(public).content

    data |= {"title": "Second thoughts"}
    del data["action-publish"]
    assert editor_client.post(address("edit", draft.pk), data).status_code == 302
    assert b"Second thoughts" not in client.get(public).content and b"Changed" in client.get(public).content
    history = editor_client.get(address("history", draft.pk))
    assert history.status_code == 200 and b"Published" in history.content


def test_an_edition_joins_its_work(editor_client):
    first = resource("Maternity at work")
    data = form(title="La maternité", language="fr", work=str(first.work_id))
    assert editor_client.post(address("add"), data).status_code == 302
    assert Resource.objects.get(language="fr").work == first.work and Work.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"title": ""}, "This field is required."),
        ({"date": "March 2015"}, "“March 2015” is not a date. Write the year, month or day"),
        ({"language": "english"}, "“english” is no language tag"),
        ({"identifiers": [("isbn", "92-2-112080-6")]}, "“92-2-112080-6” is not an ISBN"),
        ({"identifiers": [("doi", "10.1111/a"), ("doi", "https://doi.org/10.1111/A")]}, "appears here twice"),
        ({"identifiers": [("doi", "10.1111/taken")]}, "has this identifier already"),
        ({"identifiers": [("doi", "")]}, "This field is required."),
        ({"work": "{work}", "language": "fr"}, "The work has an edition in this language already."),
        ({"work": "{work}", "is_original": "on"}, "Another edition of the work is marked as the original."),
        ({"url": "ilo.org/x y"}, "Enter a valid URL."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_saved(editor_client, data, told):
    taken = resource(language="fr", is_original=True, identifiers={"doi": "10.1111/taken"})
    data = {name: value.format(work=taken.work_id) if isinstance(value, str) else value for name, value in data.items()}
    response = editor_client.post(address("add"), form(**data))
    assert response.status_code == 200 and told in response.content.decode()
    assert Resource.objects.get() == taken


@pytest.mark.parametrize(
    ("query", "found"),
    [("q=materni", True), ("q=nothing", False), ("type=report&language=en", True), ("live=False", False),
     ("checked=true", False), ("q=7", True)],
)  # fmt: skip
def test_the_list_is_searched_and_filtered(editor_client, query, found):
    resource("Maternity at work", number=7)
    response = editor_client.get(f"{address('list')}?{query}")
    assert response.status_code == 200 and (b"Maternity at work" in response.content) is found


def test_names_and_works_are_found_where_they_are_chosen(editor_client):
    organisation("World Bank"), organisation("ILO")
    resource("Maternity at work")
    names = editor_client.get("/cms/snippets/choose/library/agent/results/?q=bank world").content
    assert b"World Bank" in names and b"ILO" not in names
    assert b"Maternity at work" in editor_client.get("/cms/snippets/choose/library/work/results/?q=matern").content
    assert b"Maternity at work" not in editor_client.get("/cms/snippets/choose/library/work/results/?q=zzz").content


def test_what_is_used_cannot_be_deleted(editor_client):
    made = resource(publishers=["ILO"])
    ilo, free = organisation("ILO"), organisation("Nobody's")
    for target, model in ((ilo, "agent"), (made.work, "work")):
        response = editor_client.post(address("delete", target.pk, model=model), follow=True)
        assert "belongs to resources" in response.content.decode()
    bulk = reverse("wagtail_bulk_action", args=["library", "agent", "delete"])
    editor_client.post(f"{bulk}?id={ilo.pk}&id={free.pk}")
    assert Agent.objects.count() == 2 and Work.objects.count() == 1
    editor_client.post(address("delete", free.pk, model="agent"))
    assert list(Agent.objects.all()) == [ilo]


def test_a_second_agent_of_one_name_is_refused(editor_client):
    person("Ong, C. B.")
    response = editor_client.post(
        address("add", model="agent"), {"kind": "person", "name": "Ong, C. B.", "sort_name": ""}
    )
    assert "This name exists already" in response.content.decode()


def test_members_stay_out(member_client):
    resource()
    for name in ("list", "add"):
        assert member_client.get(address(name)).status_code in (302, 403)
    assert member_client.post(address("add"), form()).status_code in (302, 403)
    assert Resource.objects.count() == 1
