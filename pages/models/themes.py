"""Theme pages, with the resources that editors chose."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable, Page

from core.fields import StreamField
from library.models import Resource
from pages.blocks import ArticleBlock
from pages.models.base import Edition
from taxonomy.models import Theme


class ThemePage(Edition):
    """What to know of one theme, in one language: one edition of `theme:<pk>`."""

    subject = "theme"

    theme = models.ForeignKey(Theme, verbose_name=_("theme"), on_delete=models.PROTECT, related_name="pages")
    body = StreamField(ArticleBlock(), verbose_name=_("body"), blank=True)

    template = "pages/theme.html"
    parent_page_types = ["pages.ThemeIndexPage"]
    subpage_types: list = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("theme"),
        *Edition.lead_panels,
        InlinePanel("key_resources", heading=_("Key resources"), label=_("Key resource")),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("theme page")
        verbose_name_plural = _("theme pages")
        constraints = [models.UniqueConstraint(fields=["theme", "language"], name="pages_themepage_one_per_language")]

    def address(self) -> tuple[str, ...] | None:
        return ("themes:detail", self.theme.slug) if self.theme_id else None

    def resource_keys(self) -> list[str]:
        """Return the keys of the chosen resources, in their order."""
        return [f"resource:{chosen.resource_id}" for chosen in self.key_resources.all()]


class KeyResource(Orderable):
    """A resource that the editors recommend on a theme."""

    page = ParentalKey(ThemePage, on_delete=models.CASCADE, related_name="key_resources")
    resource = models.ForeignKey(Resource, verbose_name=_("resource"), on_delete=models.CASCADE, related_name="+")

    panels = [FieldPanel("resource")]

    class Meta(Orderable.Meta):
        verbose_name = _("key resource")
        verbose_name_plural = _("key resources")
        constraints = [models.UniqueConstraint(fields=["page", "resource"], name="pages_keyresource_once")]
