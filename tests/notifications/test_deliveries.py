"""Deliveries: once, after the change, to those who may still know, each on its own."""

from smtplib import SMTPException

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from wagtail.users.models import UserProfile

from core.chores import do_chores
from notifications.models import Delivery
from notifications.sending import LEASE, MAX_ATTEMPTS, send_pending
from notifications.services import notify
from notifications.tasks import send_pending as task
from qa.services import hide
from tests.factories import UserFactory
from tests.qa.factories import answered, editor, question

pytestmark = pytest.mark.django_db


def told(case, *users, event="happened", **more) -> None:
    notify(event=f"{case.key}:{event}", message="question-answered", about=case.key, users=users, **more)


@pytest.fixture
def case():
    made = question(visibility="members", title="Who pays?")
    Delivery.objects.all().delete()
    return made


def due() -> None:
    """Let the time pass that a message waits for."""
    Delivery.objects.update(not_before=None)


def test_an_answered_question_is_told_once(mailoutbox, case):
    answered(case)
    answered(case)
    Delivery.objects.exclude(user=case.asker).delete()
    assert send_pending() == 2  # two answers, two events
    assert send_pending() == 0
    message = mailoutbox[0]
    assert message.subject == f"Question {case.number}: answered" and message.to == [case.asker.email]
    assert "Who pays?" in message.body and f"http://localhost:8000/en/questions/{case.number}/" in message.body
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert mailoutbox[1].extra_headers["In-Reply-To"] == message.extra_headers["In-Reply-To"]
    assert mailoutbox[1].extra_headers["Message-ID"] != message.extra_headers["Message-ID"]


def test_a_repeated_event_tells_nobody_twice(mailoutbox, case):
    told(case, case.asker)
    told(case, case.asker, editor())
    send_pending()
    told(case, case.asker)
    send_pending()
    assert len(mailoutbox) == 2


def test_a_private_question_is_told_by_number_and_address_only(mailoutbox):
    private = question(title="Secret title?")
    answered(private)
    send_pending()
    assert mailoutbox and all("Secret" not in each.subject + each.body for each in mailoutbox)
    assert all(f"/questions/{private.number}/" in each.body for each in mailoutbox)


def test_mails_speak_the_recipients_language(mailoutbox, case):
    chooser = UserFactory()
    UserProfile.objects.create(user=chooser, preferred_language="fr")
    told(case, case.asker, chooser, language="es")
    send_pending()
    addresses = {each.to[0]: each.body for each in mailoutbox}
    assert f"/es/questions/{case.number}/" in addresses[case.asker.email]
    assert f"/fr/questions/{case.number}/" in addresses[chooser.email]


def test_a_change_that_is_rolled_back_is_not_told(mailoutbox, case):
    with transaction.atomic():
        told(case, case.asker)
        transaction.set_rollback(True)
    assert send_pending() == 0 and not mailoutbox


def test_who_may_no_longer_see_is_not_told(mailoutbox, case):
    member, gone = UserFactory(), UserFactory()
    told(case, member, gone, case.asker)
    gone.is_active = False
    gone.save()
    hide(actor=editor(), question=case)
    send_pending()
    assert [each.to for each in mailoutbox] == [[case.asker.email]]
    assert set(Delivery.objects.filter(state="suppressed").values_list("user", flat=True)) == {member.pk, gone.pk}


def test_one_that_fails_holds_nobody_back_and_is_tried_again(mailoutbox, case, monkeypatch):
    first, second = UserFactory(), UserFactory()
    told(case, first, second)
    send = EmailMessage.send

    def refuse(self, fail_silently=False):
        if self.to == [first.email]:
            raise SMTPException("mailbox full")
        return send(self, fail_silently)

    monkeypatch.setattr(EmailMessage, "send", refuse)
    assert send_pending() == 1 and [each.to for each in mailoutbox] == [[second.email]]
    failed = Delivery.objects.get(user=first)
    assert failed.state == "pending" and "mailbox full" in failed.error and failed.not_before > timezone.now()
    assert send_pending() == 0  # its time has not come
    for _ in range(MAX_ATTEMPTS):
        due()
        send_pending()
    failed.refresh_from_db()
    assert failed.state == "failed" and failed.attempts == MAX_ATTEMPTS


def test_a_failure_is_forgotten_once_it_works(mailoutbox, case, monkeypatch):
    told(case, case.asker)
    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", lambda self, fail_silently=False: 1 / 0)
        send_pending()
    due()
    assert send_pending() == 1 and Delivery.objects.get().state == "sent"


def test_a_message_that_another_process_has_taken_is_left_alone(mailoutbox, case):
    told(case, case.asker)
    Delivery.objects.update(not_before=timezone.now() + LEASE)
    assert send_pending() == 0
    Delivery.objects.update(not_before=timezone.now() - LEASE)  # that process was killed
    assert send_pending() == 1


@pytest.mark.parametrize("send", [lambda: call_command("send_pending"), task, do_chores])
def test_the_command_the_task_and_the_drain_send(mailoutbox, case, send):
    told(case, case.asker)
    send()
    assert len(mail.outbox) == 1
