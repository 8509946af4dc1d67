"""Sending what waits: one message at a time, each marked before the next, rights checked again."""

import logging
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q, QuerySet
from django.utils import timezone, translation

from core.entries import registry
from notifications.messages import written
from notifications.models import Delivery

logger = logging.getLogger(__name__)
BATCH = 50
LEASE = timedelta(minutes=5)  # a sender that was killed leaves its message to others after this
MAX_ATTEMPTS = 8


def send_pending(limit: int = BATCH) -> int:
    """Send what waits, oldest first; return how many messages were sent.

    A kill between the mail server's "accepted" and the mark repeats that one mail, and no other.
    """
    sent = 0
    for pk in list(waiting().order_by("pk").values_list("pk", flat=True)[:limit]):
        if waiting().filter(pk=pk).update(not_before=timezone.now() + LEASE):  # whoever updates has taken it
            sent += _send(Delivery.objects.select_related("user").get(pk=pk))
    return sent


def waiting() -> QuerySet[Delivery]:
    """Return the deliveries that nobody has taken, and whose time for another attempt has come."""
    free = Q(not_before=None) | Q(not_before__lte=timezone.now())
    return Delivery.objects.filter(free, state=Delivery.State.PENDING)


def _send(delivery: Delivery) -> bool:
    try:
        if not may_see(delivery):
            _mark(delivery, Delivery.State.SUPPRESSED)
            return False
        with translation.override(delivery.language):
            mail_of(delivery).send()
    except Exception as error:  # whatever is wrong with one message must not hold back the others
        _note_failure(delivery, error)
        return False
    _mark(delivery, Delivery.State.SENT, sent_at=timezone.now())
    return True


def may_see(delivery: Delivery) -> bool:
    """Say whether the recipient may see now what the message is about."""
    source, pk = registry.of_key(delivery.about)
    return delivery.user.is_active and source.visible_to(delivery.user).filter(pk=pk).exists()


def mail_of(delivery: Delivery) -> EmailMessage:
    """Return the mail in the active language. Its Message-ID stays the same if it has to be sent again.

    The moment is part of it: after a restore of the database, numbers are given out a second time.
    """
    mail = written(delivery)
    host = urlsplit(settings.SITE_URL).hostname
    headers = {
        "Message-ID": f"<delivery-{delivery.pk}-{delivery.created_at:%Y%m%d%H%M%S%f}@{host}>",
        "Auto-Submitted": "auto-generated",
    }
    if mail.thread:
        headers |= dict.fromkeys(("In-Reply-To", "References"), f"<{mail.thread}@{host}>")
    return EmailMessage(mail.subject, mail.text, to=[delivery.user.email], headers=headers)


def _mark(delivery: Delivery, state: str, **fields: object) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(state=state, not_before=None, **fields)


def _note_failure(delivery: Delivery, error: Exception) -> None:
    """Keep the reason; try again later, a few times."""
    logger.warning("Delivery %s could not be sent: %s", delivery.pk, error, exc_info=error)
    attempts = delivery.attempts + 1
    Delivery.objects.filter(pk=delivery.pk).update(
        attempts=attempts,
        error=f"{type(error).__name__}: {error}"[:2000],
        state=Delivery.State.FAILED if attempts >= MAX_ATTEMPTS else Delivery.State.PENDING,
        not_before=timezone.now() + timedelta(minutes=2**attempts),
    )
