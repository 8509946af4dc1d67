"""Free pages: what the service is, and what it promises."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from core.fields import StreamField
from pages.blocks import ArticleBlock
from pages.models.base import Edition


class FreePage(Edition):
    """A page about the service. Pages of the same slug below the home pages are the editions of one."""

    subject = "slug"

    body = StreamField(ArticleBlock(), verbose_name=_("body"), blank=True)

    template = "pages/free.html"
    parent_page_types = ["pages.HomePage"]
    subpage_types: list = []
    content_panels = [*Page.content_panels, FieldPanel("slug"), *Edition.lead_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("free page")
        verbose_name_plural = _("free pages")

    def address(self) -> tuple[str, ...] | None:
        return ("about", self.slug) if self.slug else None
