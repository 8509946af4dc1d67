"""Receiving what readers write."""

import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from office.models import ContactMessage

logger = logging.getLogger(__name__)


def receive_message(message: ContactMessage, language: str) -> None:
    """Keep a valid message, then mail it to CONTACT_EMAIL, if that is set.

    A mail that does not go out is logged and nothing more: the message waits on the staff's desk.
    """
    message.language = language
    message.save()
    if not settings.CONTACT_EMAIL:
        return
    desk = reverse(message.snippet_viewset.get_url_name("edit"), args=[message.pk])
    mail = EmailMessage(
        subject=f"{settings.WAGTAIL_SITE_NAME}: message from the contact page",
        body=f"{message.message}\n\n{message.name}\n{message.email}\n\n{settings.SITE_URL}{desk}\n",
        to=[settings.CONTACT_EMAIL],
        reply_to=[message.email],
    )
    try:
        mail.send()
    except OSError as error:  # smtplib's errors are of this type
        logger.warning("Contact message %s was kept but not mailed: %s", message.pk, error)
