"""Answers: who answered, each version of the text, and what it cites."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qa.choices import AnswerState
from qa.models.base import one_of
from qa.models.questions import Question


class Answer(models.Model):
    """One person's answer to a question; for starter content nobody's account gave it."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="answers", null=True)
    answered_by = models.CharField(max_length=120, blank=True)  # the name to show where it is not the author's

    class Meta:
        verbose_name = _("answer")
        constraints = [
            models.UniqueConstraint(
                fields=["question", "author"], condition=Q(author__isnull=False), name="qa_answer_one_each"
            )
        ]

    @property
    def name(self) -> str:
        """Who answered, as readers are told: never an e-mail address."""
        return self.answered_by or (self.author.get_full_name() if self.author else "") or str(_("GESS experts"))

    @property
    def profile_key(self) -> str:
        """The entry of who answered under his own name; "" without a profile, or where the office answers."""
        profile = getattr(self.author, "expert_profile", None)
        return f"expert:{profile.pk}" if profile is not None and not self.answered_by else ""


class AnswerVersion(models.Model):
    """One text of an answer in one language. The text never changes; its state does."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="versions")
    language = models.CharField(max_length=35)
    n = models.PositiveIntegerField(default=1)
    body_md = models.TextField(_("answer"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    state = models.CharField(max_length=12, choices=AnswerState, default=AnswerState.DRAFT)
    cleared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    cleared_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)  # why it was returned
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["answer", "language", "-n"]
        verbose_name = _("version of an answer")
        constraints = [
            one_of("state", AnswerState, "qa_answerversion_state"),
            models.UniqueConstraint(fields=["answer", "language", "n"], name="qa_answerversion_version"),
            models.UniqueConstraint(
                fields=["answer", "language"], condition=Q(state="cleared"), name="qa_answerversion_one_cleared"
            ),
            models.CheckConstraint(
                condition=Q(cleared_by=None) | Q(author=None) | ~Q(cleared_by=F("author")),
                name="qa_answerversion_never_own",
            ),
            models.CheckConstraint(
                condition=~Q(state="cleared") | Q(cleared_at__isnull=False), name="qa_answerversion_cleared"
            ),
            models.CheckConstraint(condition=~Q(body_md=""), name="qa_answerversion_body"),
        ]


class Citation(models.Model):
    """What a text cites: one row for each token, in their order, derived when the text is saved."""

    version = models.ForeignKey(AnswerVersion, on_delete=models.CASCADE, related_name="citations", null=True)
    snapshot = models.ForeignKey("qa.Snapshot", on_delete=models.CASCADE, related_name="citations", null=True)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=60)  # as readers know it: 343, SEN, maternity
    label = models.CharField(max_length=300, blank=True)
    target = models.CharField(max_length=80)  # the entry's key

    class Meta:
        ordering = ["position"]
        verbose_name = _("citation")
        constraints = [
            models.CheckConstraint(
                condition=Q(version=None, snapshot__isnull=False) | Q(version__isnull=False, snapshot=None),
                name="qa_citation_of_one_text",
            ),
            models.UniqueConstraint(fields=["version", "position"], name="qa_citation_in_version"),
            models.UniqueConstraint(fields=["snapshot", "position"], name="qa_citation_in_snapshot"),
        ]
