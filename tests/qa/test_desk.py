"""The staff's start page tells how many questions wait."""

import pytest

from core.panels import desks_for
from tests.qa.factories import answered, published, question

pytestmark = pytest.mark.django_db


def test_open_questions_wait_for_the_editors_alone(editor_client, editor, member, visitor):
    question()
    question()
    answered(question())
    published()
    (desk,) = [(count, url) for label, count, url in desks_for(editor) if label == "Open questions"]
    assert desk[0] == 2
    listed = editor_client.get(desk[1])
    assert listed.context["count"] == 2
    for user in (member, visitor):
        assert "Open questions" not in [label for label, _, _ in desks_for(user)]
