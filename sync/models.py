"""The rows of the sync protocol. No migration of another app refers to them."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class Dirty(models.Model):
    """A key that a change touched. Append-only: triggers insert, folding deletes; nobody updates, so nobody waits."""

    key = models.CharField(max_length=80)
    cause = models.CharField(max_length=6)  # core.entries.Cause
    at = models.DateTimeField(db_default=Now())  # given by the database: triggers name the key and the cause only

    class Meta:
        db_table = "sync_dirty"


class State(models.Model):
    """How far one key is projected. `done < want` is the whole predicate of work; the row outlives the object."""

    key = models.CharField(max_length=80, primary_key=True)
    want = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    since = models.DateTimeField(null=True)  # of the oldest change that waits, or waited last
    urgent = models.BooleanField(default=False)  # a direct change, to be projected before fan-outs
    due_at = models.DateTimeField(null=True)  # when the answer changes by itself
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    parked = models.BooleanField(default=False)
    reason = models.TextField(blank=True)

    class Meta:
        db_table = "sync_state"
        indexes = [
            models.Index(
                fields=["urgent", "key"], name="sync_state_open", condition=Q(done__lt=F("want"), parked=False)
            ),
            models.Index(fields=["due_at"], name="sync_state_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["key"], name="sync_state_parked", condition=Q(parked=True)),
        ]


class Generation(models.Model):
    """Changes whenever anything was projected: a page made under one mark is never shown under another.

    A random mark, not a counter: a rolled-back step must not be met again.
    """

    mark = models.CharField(max_length=32)

    class Meta:
        db_table = "sync_generation"


class Document(models.Model):
    """One entry as one audience may find it. A tombstone (`gone`) keeps id, key and version, and has no content.

    `number` is the row's address in full-text tables; it is written explicitly, since implicit SQLite rowids may be
    renumbered. The token columns are what engines index: words joined by single spaces. What lists and filters read
    stands before the texts: SQLite reads a row from its beginning, through all pages of a text, to what is behind it.
    """

    number = models.BigAutoField(primary_key=True)
    id = models.CharField(max_length=120, unique=True)  # audience:kind:pk:language
    key = models.CharField(max_length=80, db_index=True)
    audience = models.CharField(max_length=8)
    kind = models.CharField(max_length=20)
    language = models.CharField(max_length=35, blank=True)
    version = models.BigIntegerField()
    hash = models.CharField(max_length=32)
    bucket = models.PositiveSmallIntegerField()
    gone = models.BooleanField(default=False)

    family = models.CharField(max_length=80, blank=True)
    route = models.JSONField(default=list)
    themes = models.JSONField(default=list)
    countries = models.JSONField(default=list)
    facets = models.JSONField(default=dict)
    date = models.DateField(null=True)
    weight = models.FloatField(default=1.0)
    keys = models.TextField(blank=True)  # kind:resource theme:maternity country:sen year:2015 ilo:c102
    changed_at = models.DateTimeField(null=True)  # when it last said something else: for feeds and sitemaps

    title = models.TextField(blank=True)
    title_stems = models.TextField(blank=True)
    title_words = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    text = models.TextField(blank=True)
    body_stems = models.TextField(blank=True)
    body_words = models.TextField(blank=True)

    class Meta:
        db_table = "sync_document"
        indexes = [
            models.Index(fields=["audience", "kind"], name="sync_document_kind", condition=Q(gone=False)),
            models.Index(fields=["audience", "family"], name="sync_document_family", condition=Q(gone=False)),
            models.Index(
                fields=["audience", "kind", "date", "number"],
                name="sync_document_newest",
                condition=Q(gone=False, date__isnull=False),
            ),
            models.Index(fields=["bucket"], name="sync_document_bucket"),
        ]
