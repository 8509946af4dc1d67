"""The editors' lists of country and theme pages, and what copying may not do."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page

from pages.models import CountryPage, ThemePage


class CountryPageViewSet(PageViewSet):
    """Below a section of countries: when each page was reviewed, and a filter by country."""

    model = CountryPage
    icon = "site"
    list_display = [
        *(column for column in PageViewSet.columns if column.name not in ("parent", "type")),
        Column("country", label=gettext_lazy("Country"), accessor="country.iso3"),
        DateColumn("reviewed_on", label=gettext_lazy("Reviewed on"), sort_key="reviewed_on"),
    ]
    ordering = "title"


class ThemePageViewSet(PageViewSet):
    """Below a section of themes: when each page was reviewed."""

    model = ThemePage
    icon = "tag"
    list_display = [
        *(column for column in PageViewSet.columns if column.name not in ("parent", "type")),
        Column("theme", label=gettext_lazy("Theme"), accessor="theme.slug"),
        DateColumn("reviewed_on", label=gettext_lazy("Reviewed on"), sort_key="reviewed_on"),
    ]
    ordering = "title"


@hooks.register("register_admin_viewset")
def register_country_pages() -> CountryPageViewSet:
    return CountryPageViewSet()


@hooks.register("register_admin_viewset")
def register_theme_pages() -> ThemePageViewSet:
    return ThemePageViewSet()


@hooks.register("before_copy_page")
def refuse_copy(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Say that a subject has one page in each language, before the database says so: a copy keeps its language."""
    if page.specific_class is CountryPage:
        text = _(
            "A country has one page in each language: add another language's page in the section of that language."
        )
    elif page.specific_class is ThemePage:
        text = _("A theme has one page in each language: add another language's page in the section of that language.")
    else:
        return None
    messages.error(request, text)
    return redirect("wagtailadmin_explore", page.get_parent().pk)
