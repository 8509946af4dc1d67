"""The staff see what waits and what was given up, and have it tried again; it is written down who did."""

import pytest
from wagtail.models import ModelLogEntry

from core.entries import registry
from search.models import Outbox, Target
from sync.drain import drain
from sync.folding import mark
from sync.models import State
from sync.projection import MAX_ATTEMPTS
from tests.sync.helpers import resource

pytestmark = pytest.mark.django_db
PAGE, AGAIN = "/cms/synchronisation/", "/cms/synchronisation/try-again/"


@pytest.fixture
def sick(monkeypatch, drained):
    """A resource that cannot be indexed, given up; `cure` makes it possible again."""
    drained()
    source, row = registry["resource"], resource("Study <of> costs")
    real, cured = type(source).entries, []

    def entries(self, one):
        if one.pk == row.pk and not cured:
            raise ValueError("Page 7 cannot be read.")
        return real(self, one)

    monkeypatch.setattr(type(source), "entries", entries)
    for _ in range(MAX_ATTEMPTS):
        State.objects.update(retry_at=None)
        drain()
    row.cure = lambda: cured.append(True)
    row.key = f"resource:{row.pk}"
    assert State.objects.get(key=row.key).parked
    return row


def shown(client):
    response = client.get(PAGE)
    assert response.status_code == 200
    return response.content.decode()


def test_a_clean_site_says_so(editor_client, drained):
    drained()
    page = shown(editor_client)
    assert "nothing waits" in page and "Nothing was given up." in page and "Try all again" not in page
    assert "no other search engine is set up" in page


def test_what_waits_is_counted(editor_client, drained, monkeypatch):
    drained()
    monkeypatch.setattr("office.syncing.before_read", lambda: None)
    mark(["resource:1", "resource:2", "resource:3"], "direct")
    context = editor_client.get(PAGE).context
    assert (context["backlog"].changes, context["backlog"].keys) == (3, 0) and context["backlog"].oldest


def test_an_item_that_was_given_up_shows_with_its_reason_and_where_to_mend_it(editor_client, sick):
    page = shown(editor_client)
    assert "Page 7 cannot be read." in page and "Study &lt;of&gt; costs" in page
    assert f"/cms/snippets/library/resource/edit/{sick.pk}/" in page
    assert "Items that could not be indexed" in editor_client.get("/cms/").content.decode()


def test_trying_again_indexes_a_mended_item_and_is_written_down(editor_client, editor, sick):
    sick.cure()
    response = editor_client.post(AGAIN, {"key": sick.key}, follow=True)
    assert "Tried again: 1." in response.content.decode()
    assert "Nothing was given up." in response.content.decode(), "the page shows it indexed at once"
    state = State.objects.get(key=sick.key)
    assert not state.parked and state.done == state.want
    entry = ModelLogEntry.objects.get(action="gess.tried_again")
    assert (entry.user, entry.label, entry.object_id) == (editor, sick.key, sick.key)
    assert "Indexing tried again" in entry.message


def test_all_are_tried_again_at_once_and_what_still_fails_is_given_up_again(editor_client, sick):
    editor_client.post(AGAIN)
    drain()
    state = State.objects.get(key=sick.key)
    assert state.attempts == 1 and not state.parked and "Page 7" in state.reason


def test_nothing_happens_to_what_was_not_given_up(editor_client, drained):
    drained()
    response = editor_client.post(AGAIN, {"key": "resource:99"}, follow=True)
    assert "Nothing of that was given up any more." in response.content.decode()
    assert not State.objects.filter(key="resource:99").exists() and not ModelLogEntry.objects.filter(
        action="gess.tried_again"
    )


def test_only_who_may_sees_and_retries(client, member_client, editor_client, editor, sick):
    assert client.get(PAGE).status_code == 302 and client.post(AGAIN).status_code == 302
    assert member_client.get(PAGE).status_code in (302, 403) and member_client.post(AGAIN).status_code in (302, 403)
    assert editor_client.get(AGAIN).status_code == 405, "a link that is followed changes nothing"
    group = editor.groups.get()
    group.permissions.remove(*group.permissions.filter(content_type__app_label="sync", codename="change_state"))
    assert "Try again" not in shown(editor_client)
    editor_client.post(AGAIN, {"key": sick.key})
    assert State.objects.get(key=sick.key).parked
    group.permissions.remove(*group.permissions.filter(content_type__app_label="sync"))
    assert editor_client.get(PAGE).status_code in (302, 403)
    assert "Synchronisation" not in editor_client.get("/cms/").content.decode()


def test_what_the_search_engine_refused_shows_and_is_sent_again(editor_client, sick):
    target = Target.objects.create(state=Target.State.SERVING, form="x", failures=3)
    document = f"public:{sick.key}:en"
    row = Outbox.objects.create(target=target, document=document, version=1, attempts=5, parked=True, reason="too long")
    Outbox.objects.create(target=target, document="public:resource:999:en", version=1)
    response = editor_client.get(PAGE)
    page = response.content.decode()
    assert response.context["outbox"] == 1 and "too long" in page and document in page and "Failures in a row" in page
    editor_client.post(AGAIN, {"document": document})
    row.refresh_from_db()
    assert (row.parked, row.attempts, row.reason) == (False, 0, "")
    assert ModelLogEntry.objects.get(action="gess.tried_again").label == document
