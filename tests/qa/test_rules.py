"""The four axes: transitions, labels, constraints, and who sees and does what."""

import datetime
import itertools

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.choices import AnswerState, Moderation, Resolution, SnapshotState, Status, Visibility
from qa.labels import state_label
from qa.models import Answer, AnswerVersion, Assignment, CaseEvent, Comment, Numbering, Question, QuestionText, Snapshot
from qa.policy import can
from qa.services import (
    Stale,
    add_comment,
    assign,
    clear_answer,
    hide,
    post_answer,
    publish,
    return_answer,
    set_consent,
    submit_question,
    unpublish,
    withdraw,
)
from qa.transitions import TRANSITIONS, IllegalTransition, after
from tests.factories import UserFactory
from tests.qa.factories import answered, editor, expert, posted, published, question

pytestmark = pytest.mark.django_db
NOW = timezone.now()


# --- Label and transitions: pure functions ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("axes", "label"),
    [
        (("draft",), "Draft, not sent"),
        (("submitted",), "Received"),
        (("triaged",), "Received"),
        (("assigned",), "With an expert"),
        (("assigned", "", "clear", False, "draft"), "With an expert"),
        (("assigned", "", "clear", False, "returned"), "With an expert"),
        (("assigned", "", "clear", False, "in_clearance"), "Answer written, with the editors"),
        (("submitted", "", "clear", False, "in_clearance"), "Answer written, with the editors"),
        (("needs_info",), "Waiting for details from the asker"),
        (("answered",), "Answered"),
        (("answered", "", "clear", False, "in_clearance"), "Answered"),
        (("answered", "", "clear", True, "cleared"), "Answered and published"),
        (("accepted",), "Answered"),
        (("accepted", "", "clear", True), "Answered and published"),
        (("closed", "resolved"), "Answered and closed"),
        (("closed", "no_feedback"), "Answered and closed"),
        (("closed", "duplicate"), "Closed: asked before"),
        (("closed", "out_of_scope"), "Closed: outside our field"),
        (("closed", "withdrawn"), "Withdrawn by the asker"),
        (("closed", "removed"), "Removed"),
        (("answered", "", "held", True), "Waiting to be checked"),
        (("answered", "", "hidden", True), "Hidden by the editors"),
        (("closed", "resolved", "removed", True), "Removed"),
    ],
)
def test_label(axes, label):
    assert str(state_label(*axes)) == label


def test_every_combination_has_a_label():
    for status, moderation, shown, answer in itertools.product(Status, Moderation, (True, False), ("", *AnswerState)):
        for resolution in Resolution if status == Status.CLOSED else [""]:
            assert str(state_label(status, resolution, moderation, shown, answer))


ALLOWED = {
    "submit": {"draft": "submitted"},
    "assign": dict.fromkeys(("submitted", "triaged", "assigned"), "assigned"),
    "deliver": dict.fromkeys(("submitted", "triaged", "assigned", "answered"), "answered"),
    "withdraw": dict.fromkeys(("submitted", "triaged", "assigned", "needs_info"), "closed"),
}


@pytest.mark.parametrize("event", TRANSITIONS)
@pytest.mark.parametrize("status", Status.values)
def test_transitions(event, status):
    if status in ALLOWED[event]:
        assert after(event, status).target == ALLOWED[event][status]
    else:
        with pytest.raises(IllegalTransition):
            after(event, status)


# --- Services refuse what is out of turn, from every state -----------------------------------------------------------
def put(case: Question, status: str) -> Question:
    closed = status == Status.CLOSED
    Question.objects.filter(pk=case.pk).update(
        status=status, resolution=Resolution.RESOLVED if closed else "", closed_at=NOW if closed else None
    )
    case.refresh_from_db()
    return case


@pytest.mark.parametrize("status", [s for s in Status.values if s not in ALLOWED["withdraw"]])
def test_withdrawing_too_late_changes_nothing(status):
    case = put(question(), status)
    with pytest.raises(IllegalTransition):
        withdraw(actor=case.asker, question=case)
    case.refresh_from_db()
    assert case.status == status and not case.events.filter(event="withdraw").exists()


@pytest.mark.parametrize("status", [s for s in Status.values if s not in ALLOWED["deliver"] and s != "draft"])
def test_clearing_out_of_turn_changes_nothing(status):
    case = question(visibility="members", consent=True)
    version = posted(case)
    put(case, status)
    for refused in (
        lambda: clear_answer(actor=editor(), version=version),
        lambda: publish(actor=editor(), version=version, title="T", body="", answer="A"),
        lambda: post_answer(author=expert(), question=case, text="Another one."),
    ):
        with pytest.raises(IllegalTransition):
            refused()
    version.refresh_from_db()
    assert version.state == AnswerState.IN_CLEARANCE and not Snapshot.objects.exists()


@pytest.mark.parametrize("status", [s for s in Status.values if s not in ALLOWED["assign"] and s != "draft"])
def test_assigning_out_of_turn_changes_nothing(status):
    case = put(question(), status)
    with pytest.raises(IllegalTransition):
        assign(actor=editor(), question=case, expert=expert())
    assert not Assignment.objects.exists()


def test_a_double_clearing_has_one_winner():
    case = question(visibility="members")
    version = posted(case)
    first, second = editor(), editor()
    clear_answer(actor=first, version=version)
    with pytest.raises(PermissionDenied):
        clear_answer(actor=second, version=version)
    version.refresh_from_db()
    assert version.cleared_by == first


def test_a_form_of_an_earlier_state_is_refused():
    case = question(visibility="members")
    seen = case.lock_version
    posted(case, lock_version=seen)
    with pytest.raises(Stale):
        posted(case, lock_version=seen)
    assert AnswerVersion.objects.count() == 1


def test_a_later_version_replaces_the_one_that_waits_and_the_one_that_was_cleared():
    case = question(visibility="members")
    author = expert()
    first = posted(case, "One.", author)
    second = posted(case, "Two.", author)
    clear_answer(actor=editor(), version=second)
    third = posted(case, "Three.", author)
    clear_answer(actor=editor(), version=third)
    states = dict(AnswerVersion.objects.values_list("n", "state"))
    assert states == {1: "superseded", 2: "superseded", 3: "cleared"} and first.answer == third.answer


def test_publishing_again_makes_the_next_edition():
    snapshot = published()
    case, version = snapshot.question, snapshot.version
    publish(actor=editor(), version=version, title="Better", body="", answer="Better.")
    assert list(case.snapshots.order_by("n").values_list("n", "state", "title")) == [
        (1, "superseded", "Who pays maternity benefits?"), (2, "published", "Better"),
    ]  # fmt: skip


def test_nothing_is_published_without_consent():
    case = question(visibility="members")
    version = answered(case)
    with pytest.raises(Exception, match="has not agreed"):
        publish(actor=editor(), version=version, title="T", body="", answer="A")
    set_consent(actor=case.asker, question=case, agrees=True)
    assert publish(actor=editor(), version=version, title="T", body="", answer="A").consented_by == case.asker
    set_consent(actor=case.asker, question=case, agrees=False)
    assert not Question.objects.published().exists()


def test_numbers_are_never_given_twice():
    first, second = question(), question()
    assert second.number == first.number + 1
    CaseEvent.objects.filter(question=second).delete()
    Question.objects.filter(pk=second.pk).delete()
    assert question().number == second.number + 1
    assert Numbering.objects.count() == 1


def test_what_happened_is_kept_and_never_changed():
    case = question(visibility="members", consent=True)
    version = posted(case)
    publish(actor=editor(), version=version, title="T", body="", answer="A")
    events = list(case.events.values_list("event", "from_status", "to_status"))
    assert events == [
        ("submit", "draft", "submitted"), ("answer_posted", "submitted", "submitted"),
        ("deliver", "submitted", "answered"), ("published", "answered", "answered"),
    ]  # fmt: skip
    event = case.events.first()
    for change in (event.save, event.delete, case.texts.get().save):
        with pytest.raises(TypeError):
            change()


# --- Rights ----------------------------------------------------------------------------------------------------------
def test_strangers_may_not():
    case = question(visibility="members", consent=True)
    version = posted(case)
    member, stranger = UserFactory(), AnonymousUser()
    calls = [
        lambda user: post_answer(author=user, question=case, text="x"),
        lambda user: clear_answer(actor=user, version=version),
        lambda user: return_answer(actor=user, version=version, reason="x"),
        lambda user: publish(actor=user, version=version, title="T", body="", answer="A"),
        lambda user: unpublish(actor=user, question=case),
        lambda user: hide(actor=user, question=case),
        lambda user: assign(actor=user, question=case, expert=expert()),
        lambda user: withdraw(actor=user, question=case),
        lambda user: set_consent(actor=user, question=case, agrees=False),
        lambda user: add_comment(author=user, question=case, body="x", audience="internal"),
    ]
    for call in calls:
        for user in (member, stranger):
            with pytest.raises(PermissionDenied):
                call(user)
    with pytest.raises(PermissionDenied):
        add_comment(author=stranger, question=case, body="x")
    with pytest.raises(PermissionDenied):
        submit_question(asker=stranger, language="en", title="T", body="", themes=[], visibility="private")


def test_nobody_clears_his_own_answer_not_even_the_database():
    staff = editor()
    case = question(visibility="members")
    version = posted(case, author=staff)
    with pytest.raises(PermissionDenied):
        clear_answer(actor=staff, version=version)
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerVersion.objects.filter(pk=version.pk).update(cleared_by=staff)


def test_the_asker_never_answers_himself():
    asker = expert()
    case = question(asker, visibility="members")
    with pytest.raises(Exception, match="somebody else answers"):
        post_answer(author=asker, question=case, text="x")
    with pytest.raises(Exception, match="who has not asked"):
        assign(actor=editor(), question=case, expert=asker)


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "closed"},
        {"resolution": "resolved"},
        {"status": "closed", "resolution": "duplicate"},
        {"status": "lost"},
        {"visibility": "all"},
        {"moderation": "gone"},
        {"constituent_group": "friends"},
        {"submitted_at": None},
    ],
)
def test_the_database_refuses_impossible_cases(wrong):
    case = question()
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.filter(pk=case.pk).update(**wrong)


def test_the_database_refuses_a_duplicate_of_itself_and_a_long_comment():
    case = question(visibility="members")
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.filter(pk=case.pk).update(status="closed", resolution="duplicate", duplicate_of=case)
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.create(question=case, author=case.asker, body="x" * 2001)


# --- Twins -----------------------------------------------------------------------------------------------------------
CASES = st.fixed_dictionaries(
    {
        "status": st.sampled_from(Status.values),
        "resolution": st.sampled_from([r for r in Resolution.values if r != "duplicate"]),
        "visibility": st.sampled_from(Visibility.values),
        "moderation": st.sampled_from(Moderation.values),
        "asked": st.booleans(),
        "assigned": st.sampled_from(["no", "yes", "released"]),
        "answered": st.booleans(),
        "snapshot": st.sampled_from(["none", *SnapshotState.values]),
    }
)


def make(case: dict, asker, specialist) -> Question:
    """Write one case as no service would, so that the rule is tested on all there could be."""
    closed = case["status"] == Status.CLOSED
    made = Question.objects.create(
        asker=asker if case["asked"] else None, language="en", status=case["status"],
        resolution=case["resolution"] if closed else "", visibility=case["visibility"],
        moderation=case["moderation"], submitted_at=NOW, consented_at=NOW,
    )  # fmt: skip
    QuestionText.objects.create(question=made, language="en", title="T", created_at=NOW)
    if case["assigned"] != "no":
        released = NOW if case["assigned"] == "released" else None
        Assignment.objects.create(question=made, expert=specialist, assigned_by=specialist, released_at=released)
    answer = Answer.objects.create(question=made, author=specialist if case["answered"] else None)
    version = AnswerVersion.objects.create(answer=answer, language="en", body_md="A", created_at=NOW)
    if case["snapshot"] != "none":
        Snapshot.objects.create(
            question=made, language="en", title="T", answer_md="A", answered_by="E", version=version,
            state=case["snapshot"], consented_at=NOW, published_at=NOW,
        )  # fmt: skip
    return made


@settings(max_examples=60, deadline=datetime.timedelta(seconds=5), suppress_health_check=list(HealthCheck))
@given(st.lists(CASES, min_size=1, max_size=4))
def test_visible_to_is_visible_to_and_can_agree(cases):
    with transaction.atomic():
        asker, specialist = UserFactory(), expert()
        users = [AnonymousUser(), UserFactory(), asker, specialist, editor(), UserFactory(is_active=False)]
        users += [UserFactory(is_superuser=True)]
        made = [make(case, asker, specialist) for case in cases]
        for user in users:
            visible = set(Question.objects.visible_to(user))
            whole = set(Question.objects.cases_visible_to(user))
            public = set(Question.objects.published())
            for case in made:
                assert (case in visible) == case.is_visible_to(user) == can(user, "read", case)
                assert (case in whole) == case.is_case_visible_to(user) == can(user, "read_case", case)
                assert (case in public) == case.is_published()
            assert whole | public >= visible >= public
        # And the rule itself, said the other way round: what nobody but these may read.
        for case in made:
            if case.visibility == "private" and not case.is_published():
                assert not case.is_visible_to(users[1]) and not case.is_visible_to(users[0])
            if case.moderation == "removed":
                assert not any(case.is_visible_to(user) for user in users)
        transaction.set_rollback(True)
