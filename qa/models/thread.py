"""Comments below an answer, and the record of what happened."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from qa.choices import CommentAudience, Moderation, Status
from qa.models.answers import Answer
from qa.models.base import AppendOnly, one_of
from qa.models.questions import Question

MAX_COMMENT = 2000


class Comment(models.Model):
    """A remark on the question, or on one answer; one level, never part of the answer."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="comments")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="comments", null=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments")
    audience = models.CharField(max_length=8, choices=CommentAudience, default=CommentAudience.CASE)
    body = models.TextField(_("comment"), max_length=MAX_COMMENT)
    moderation = models.CharField(max_length=8, choices=Moderation, default=Moderation.CLEAR)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("comment")
        constraints = [
            one_of("audience", CommentAudience, "qa_comment_audience"),
            one_of("moderation", Moderation, "qa_comment_moderation"),
            models.CheckConstraint(
                condition=~Q(body="") & Q(LessThanOrEqual(Length("body"), MAX_COMMENT)), name="qa_comment_length"
            ),
        ]

    @property
    def name(self) -> str:
        """Who says it, as readers are told: never an e-mail address."""
        return self.author.get_full_name() or str(_("A member"))


class CaseEvent(AppendOnly):
    """Something that happened to a case: the audit, and the case's timeline. Append-only."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="events")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    event = models.CharField(max_length=30)
    from_status = models.CharField(max_length=10, choices=Status, blank=True)
    to_status = models.CharField(max_length=10, choices=Status, blank=True)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("event")

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("An event is never deleted.")
