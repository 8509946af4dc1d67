"""The only outbox: a delivery says who is to be told of what, and whether it happened."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Delivery(models.Model):
    """One message to one person over one channel. Written in the transaction that causes it; never written twice."""

    class Channel(models.TextChoices):
        MAIL = "mail"

    class State(models.TextChoices):
        PENDING = "pending"
        SENT = "sent"
        SUPPRESSED = "suppressed"  # the recipient may no longer see what it is about
        FAILED = "failed"  # given up; `error` says why

    event = models.CharField(max_length=120)  # what happened, once: `question:12:answered:34`
    message = models.CharField(max_length=40)  # which text tells it, see `notifications.messages`
    about = models.CharField(max_length=80)  # `kind:pk`
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.MAIL)
    language = models.CharField(max_length=10)  # of the message
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)  # taken by a sender until then, or waiting for the next attempt
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "user", "channel"], name="notifications_delivery_once"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent") & Q(sent_at=None),
                name="notifications_delivery_sent",
            ),
        ]
        indexes = [models.Index(fields=["id"], name="notifications_pending", condition=Q(state="pending"))]
