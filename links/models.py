"""Names by which entries are mentioned, and links between entries. Both are derived, and rewritten with documents."""

from django.db import models


class Name(models.Model):
    """A phrase that means an entry, in one language, for those who may read that entry.

    Searches understand every name; texts link to the entry only where one that is a `mention` stands.
    """

    key = models.CharField(max_length=80, db_index=True)
    language = models.CharField(max_length=35)
    phrase = models.CharField(max_length=300)
    audience = models.CharField(max_length=8)
    mention = models.BooleanField(default=True)
    is_title = models.BooleanField(default=False)
    topic = models.CharField(max_length=80, blank=True)  # `country:sen`, `theme:maternity`: what other entries carry
    route = models.JSONField(default=list)
    weight = models.FloatField(default=1.0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "language", "phrase", "audience"], name="links_name_once")
        ]


class NamesVersion(models.Model):
    """Changes whenever a name does. A random mark, not a counter: a rolled-back step must not be met again."""

    mark = models.CharField(max_length=32)


class Link(models.Model):
    """`source` leads to `target`; `audience` is that of the entry which the link comes from."""

    class How(models.TextChoices):
        MENTION = "mention"  # a name occurs in the text
        REFERENCE = "reference"  # an address or a chooser
        TOPIC = "topic"  # a theme or country that the entry is about
        ANSWERED = "answered"  # an expert's answer

    source = models.CharField(max_length=80)
    target = models.CharField(max_length=80)
    how = models.CharField(max_length=10, choices=How)
    audience = models.CharField(max_length=8)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "target", "how", "audience"], name="links_link_once")]
        indexes = [models.Index(fields=["target", "how", "audience"], name="links_link_target")]
