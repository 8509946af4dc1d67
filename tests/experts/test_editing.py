"""Editors at work: a draft, its preview, publishing, its history, and what the screens refuse."""

import pytest
from django.urls import reverse

from experts.models import ExpertProfile
from links.models import Name, NamesVersion
from tests.experts.factories import agree, expert, sample, senegal, theme

pytestmark = pytest.mark.django_db
RELATIONS = "texts visibilities expertise assignments positions education languages experience".split()


def address(name: str, *args) -> str:
    return reverse(f"wagtailsnippets_experts_expertprofile:{name}", args=args)


def form(**fields) -> dict[str, str]:
    """Return a filled form; a relation is a list of rows."""
    data = {"name": "Awa Diallo", "state": "approved", "is_sample": "on", "language": "en", "residence_country": "SEN",
            "user": "", "last_confirmed_at": "2025-05-01 10:00", "next_review_at": ""}  # fmt: skip
    rows = {"texts": [{"language": "en", "headline": "Maternity", "summary": ""}]}
    rows["visibilities"] = [{"section": section, "level": "public"} for section in ("identity", "assignments")]
    rows |= {name: fields.pop(name) for name in RELATIONS if name in fields}
    for name in RELATIONS:
        parts = rows.get(name, [])
        data |= {f"{name}-TOTAL_FORMS": str(len(parts)), f"{name}-INITIAL_FORMS": "0"}
        data |= {f"{name}-MIN_NUM_FORMS": "0", f"{name}-MAX_NUM_FORMS": "1000"}
        for place, part in enumerate(parts):
            data |= {f"{name}-{place}-{column}": value for column, value in part.items()}
            data |= {f"{name}-{place}-ORDER": str(place + 1), f"{name}-{place}-id": "", f"{name}-{place}-DELETE": ""}
    return data | fields


def work(**fields) -> dict:
    return {"number": "1", "start": "2023", "end": "2024", "title": "Costing", "role": "", "client": "",
            "countries": ["SEN"], "topics": [f"theme:{theme('maternity').pk}", "term:7"], "outputs": "resource:12",
            "level": "", **fields}  # fmt: skip


def skill(**fields) -> dict:
    return {"term": "term:7", "topic": "", "mastery": "expert", "years": "3", "last_used": "", "evidence": "assignment:1",
            "level": "", **fields}  # fmt: skip


@pytest.fixture(autouse=True)
def _offered() -> None:
    senegal()
    Name.objects.create(key="term:7", language="en", phrase="maternity benefit", audience="public", is_title=True)
    NamesVersion.step()


def test_from_draft_over_preview_to_publication(client, editor_client):
    data = form(assignments=[work()], expertise=[skill()])
    assert editor_client.post(address("preview_on_add"), data).json()["is_valid"]
    preview = editor_client.get(address("preview_on_add")).content.decode()
    assert "Awa Diallo (sample)" in preview and "Costing" in preview and 'content="noindex"' in preview
    assert editor_client.post(address("add"), data).status_code == 302
    draft = ExpertProfile.objects.get()
    assert not draft.live and client.get(draft.get_absolute_url()).status_code == 404
    made = draft.assignments.get()
    assert made.countries == ("SEN",) and made.topics[1] == "term:7" and made.outputs == ("resource:12",)

    ids = {f"{name}-{place}-id": str(part.pk) for name in RELATIONS
           for place, part in enumerate(getattr(draft, name).order_by("pk"))}  # fmt: skip
    ids |= {f"{name}-INITIAL_FORMS": data[f"{name}-TOTAL_FORMS"] for name in RELATIONS}
    data |= {**ids, "name": "Awa D.", "action-publish": "1"}
    assert editor_client.post(address("edit", draft.pk), data).status_code == 302
    shown = client.get(draft.get_absolute_url()).content
    assert b"Awa D. (sample)" in shown and b"Costing" in shown

    data |= {"assignments-0-title": "Second thoughts"}
    del data["action-publish"]
    assert editor_client.post(address("edit", draft.pk), data).status_code == 302
    shown = client.get(draft.get_absolute_url()).content
    assert b"Second thoughts" not in shown and b"Costing" in shown
    history = editor_client.get(address("history", draft.pk))
    assert history.status_code == 200 and b"Published" in history.content
    assert b"Second thoughts" in editor_client.get(address("edit", draft.pk)).content


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": ""}, "This field is required."),
        ({"language": "english"}, "“english” is no language tag"),
        ({"last_confirmed_at": "2999-01-01 10:00"}, "This day has not come yet."),
        ({"texts": [], "action-publish": "1"}, "Please submit at least 1"),
        ({"assignments": [{"end": "2022"}]}, "The end lies before the start"),
        ({"assignments": [{"outputs": "the report"}]}, "is no key. Write keys as the hint shows"),
        ({"assignments": [{"countries": ["XXX"]}]}, "XXX is not one of the available choices"),
        ({"assignments": [{"topics": ["term:8"]}]}, "term:8 is not one of the available choices"),
        ({"expertise": [{"topic": "Both"}]}, "one of the two"),
        ({"expertise": [{"last_used": "2099"}]}, "This year has not come yet."),
        ({"expertise": [{"evidence": "assignment:x"}]}, "“assignment:x” is no key"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_saved(editor_client, fields, told):
    makers = {"assignments": work, "expertise": skill}
    fields = {
        name: [makers[name](**row) for row in value] if name in makers else value for name, value in fields.items()
    }
    response = editor_client.post(address("add"), form(**fields))
    assert response.status_code == 200 and told in response.content.decode()
    assert not ExpertProfile.objects.exists()


def test_a_sample_gets_no_account(editor_client, member):
    response = editor_client.post(address("add"), form(user=str(member.pk)))
    assert "has no account" in response.content.decode() and not ExpertProfile.objects.exists()


@pytest.mark.parametrize(
    ("query", "found"),
    [("q=awa", True), ("q=pension", True), ("q=nothing", False), ("state=approved&is_sample=true", True),
     ("state=draft", False)],
)  # fmt: skip
def test_the_list_is_searched_and_filtered(editor_client, query, found):
    sample("Awa Diallo")
    response = editor_client.get(f"{address('list')}?{query}")
    assert response.status_code == 200 and (b"Awa Diallo" in response.content) is found


def test_a_deleted_expert_leaves_nothing(editor_client, client, drained):
    made = expert("Awa Diallo")
    agree(made, "statistics")
    drained()
    assert editor_client.post(address("delete", made.pk)).status_code == 302
    assert not ExpertProfile.objects.exists()
    assert b"Awa Diallo" not in client.get("/en/experts/").content


def test_members_stay_out(member_client):
    for name in ("list", "add"):
        assert member_client.get(address(name)).status_code in (302, 403)
    assert member_client.post(address("add"), form()).status_code in (302, 403)
    assert not ExpertProfile.objects.exists()
