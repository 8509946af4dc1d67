"""The pages that hold the others, for each language."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from pages.models.base import OwnAddress


class HomePage(OwnAddress, Page):
    """The root of one language's pages."""

    template = "pages/home.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["pages.CountryIndexPage", "pages.ThemeIndexPage", "pages.FreePage"]
    max_count = len(settings.LANGUAGES)
    promote_panels: list = []

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def address(self) -> tuple[str, ...]:
        return ("home",)


class CountryIndexPage(OwnAddress, Page):
    """The section that holds one language's country pages."""

    template = "pages/countries.html"
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["pages.CountryPage"]
    max_count_per_parent = 1
    promote_panels: list = []

    class Meta:
        verbose_name = _("section of countries")
        verbose_name_plural = _("sections of countries")

    def address(self) -> tuple[str, ...]:
        return ("countries:list",)


class ThemeIndexPage(OwnAddress, Page):
    """The section that holds one language's theme pages."""

    template = "pages/themes.html"
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["pages.ThemePage"]
    max_count_per_parent = 1
    promote_panels: list = []

    class Meta:
        verbose_name = _("section of themes")
        verbose_name_plural = _("sections of themes")

    def address(self) -> tuple[str, ...]:
        return ("themes:list",)
