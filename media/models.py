"""Our own image and document, from the first migration on, so that fields can be added without moving tables."""

from django.db import models
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image


class GessImage(AbstractImage):
    """An image uploaded by editors."""

    admin_form_fields = Image.admin_form_fields


class Rendition(AbstractRendition):
    """An image in the size and format that a page shows."""

    image = models.ForeignKey(GessImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("image", "filter_spec", "focal_point_key"), name="unique_rendition")
        ]


class GessDocument(AbstractDocument):
    """A file uploaded by editors."""

    admin_form_fields = Document.admin_form_fields
