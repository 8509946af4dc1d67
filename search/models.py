"""Stage two of the sync protocol: what replicas of the documents have not acknowledged yet; and what readers missed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Target(models.Model):
    """One generation of the search engine's replica: its indices of all audiences, named by its primary key."""

    class State(models.TextChoices):
        BUILDING = "building"  # registered, being filled; new changes reach it too
        SERVING = "serving"  # proven equal, behind the aliases that searches read

    state = models.CharField(max_length=10, choices=State, default=State.BUILDING)
    form = models.CharField(max_length=32)  # hash of mapping and analysis: a replica of another form is rebuilt
    filled_to = models.BigIntegerField(default=0)  # number of the last document that filling put into the outbox
    filled = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    proven_at = models.DateTimeField(null=True)  # when its checksums last equalled the documents'
    failures = models.PositiveIntegerField(default=0)  # of the whole engine, in a row
    paused_until = models.DateTimeField(null=True)  # the breaker: nothing is shipped before

    class Meta:
        db_table = "search_target"
        constraints = [
            models.UniqueConstraint(fields=["state"], name="search_target_one_a_state"),
        ]


class Outbox(models.Model):
    """A version of a document that a target has not acknowledged. The document itself is read when it is shipped."""

    target = models.ForeignKey(Target, models.CASCADE)
    document = models.CharField(max_length=120)  # audience:kind:pk:language
    version = models.BigIntegerField()
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    parked = models.BooleanField(default=False)
    reason = models.TextField(blank=True)

    class Meta:
        db_table = "search_outbox"
        constraints = [models.UniqueConstraint(fields=["target", "document"], name="search_outbox_once")]


class Miss(models.Model):
    """Words that were searched and found nothing, for editors: never who asked, and no more than the day."""

    text = models.CharField(_("question"), max_length=80)
    language = models.CharField(_("language of the interface"), max_length=35)
    count = models.PositiveIntegerField(_("times"), default=1)
    first_on = models.DateField(_("first on"))
    last_on = models.DateField(_("last on"), db_index=True)

    class Meta:
        db_table = "search_miss"
        verbose_name = _("search without results")
        verbose_name_plural = _("searches without results")
        constraints = [models.UniqueConstraint(fields=["text", "language"], name="search_miss_once")]

    def __str__(self) -> str:
        return self.text


class Word(models.Model):
    """A word of some text, as a correction may propose it.

    Rows are only ever added by projecting, so a row is no proof that the word still stands in a text that a reader may
    know: whoever proposes one asks the reader's own index first.
    """

    word = models.CharField(max_length=40, unique=True)  # folded
    shown = models.CharField(max_length=80)  # as a text spells it
    initial = models.CharField(max_length=1)
    size = models.PositiveSmallIntegerField()  # letters
    level = models.PositiveSmallIntegerField()  # place in AUDIENCES of the widest audience that has had it

    class Meta:
        db_table = "search_word"
        indexes = [models.Index(fields=["initial", "size"], name="search_word_near")]
