"""What readers tell the office."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """How far the office is with a report."""

    OPEN = "open", _("Open")
    DONE = "done", _("Done")


class ErrorReport(models.Model):
    """Something wrong on the page of an entry, as a reader wrote it."""

    about = models.CharField(_("about"), max_length=80, db_index=True)  # the entry's key: resource:12
    address = models.CharField(_("address of the page"), max_length=500)
    language = models.CharField(_("language of the interface"), max_length=35)
    message = models.TextField(_("message"), max_length=4000)
    email = models.EmailField(_("e-mail address"), blank=True)
    created_at = models.DateTimeField(_("sent at"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)

    class Meta:
        verbose_name = _("error report")
        verbose_name_plural = _("error reports")
        ordering = ["-state", "-created_at"]  # open ones first
        indexes = [models.Index(fields=["state", "created_at"], name="office_report_state")]

    def __str__(self) -> str:
        return f"{self.about}: {_shortened(self.message)}"


class ContactMessage(models.Model):
    """What a reader wrote to the office, outside any page."""

    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"))
    message = models.TextField(_("message"), max_length=4000)
    language = models.CharField(_("language of the interface"), max_length=35)
    created_at = models.DateTimeField(_("sent at"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)

    class Meta:
        verbose_name = _("contact message")
        verbose_name_plural = _("contact messages")
        ordering = ["-state", "-created_at"]  # open ones first
        indexes = [models.Index(fields=["state", "created_at"], name="office_contact_state")]

    def __str__(self) -> str:
        return _shortened(self.message)


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return f"{words[:60]}{'…' if len(words) > 60 else ''}"
