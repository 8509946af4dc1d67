"""What was loaded from the content files."""

from django.db import models


class LoadedRow(models.Model):
    """One row of a content file as it was last loaded; its hash tells later whether file or database changed since."""

    loader = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["loader", "key"], name="core_loadedrow_once")]
