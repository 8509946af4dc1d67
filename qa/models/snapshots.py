"""What everybody reads: a redacted copy, made by an editor, of a question and its answer."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qa.choices import SnapshotState
from qa.models.answers import AnswerVersion
from qa.models.base import one_of
from qa.models.questions import Question


class Snapshot(models.Model):
    """One public edition. Its texts never change: another publication makes the next one."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="snapshots")
    language = models.CharField(max_length=35)
    n = models.PositiveIntegerField(default=1)
    title = models.CharField(_("question"), max_length=200)
    body_md = models.TextField(_("background"), blank=True)
    answer_md = models.TextField(_("answer"))
    answered_by = models.CharField(_("answered by"), max_length=120)
    version = models.ForeignKey(AnswerVersion, on_delete=models.PROTECT, related_name="snapshots")
    state = models.CharField(max_length=11, choices=SnapshotState, default=SnapshotState.PUBLISHED)
    consented_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    consented_at = models.DateTimeField()  # the asker's consent on which this publication rests
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["question", "language", "-n"]
        verbose_name = _("published question")
        constraints = [
            one_of("state", SnapshotState, "qa_snapshot_state"),
            models.UniqueConstraint(fields=["question", "language", "n"], name="qa_snapshot_version"),
            models.UniqueConstraint(
                fields=["question", "language"], condition=Q(state="published"), name="qa_snapshot_one_published"
            ),
            models.CheckConstraint(condition=~Q(title="") & ~Q(answer_md=""), name="qa_snapshot_texts"),
        ]

    @property
    def profile_key(self) -> str:
        """The entry of who answered, unless an editor has put another name in its place."""
        answer = self.version.answer
        return answer.profile_key if self.answered_by == answer.name else ""
