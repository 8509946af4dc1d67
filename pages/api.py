"""`/api/v1/countries/` and `/api/v1/themes/`: read only."""

from django.db.models import Prefetch, QuerySet
from rest_framework.permissions import AllowAny
from rest_framework.viewsets import ReadOnlyModelViewSet

from library.models import Resource
from pages.models import CountryPage, KeyResource, ThemePage
from pages.serializers import CountrySerializer, ThemeSerializer
from pages.visibility import countries_visible_to, themes_visible_to
from sync.drain import before_read
from taxonomy.models import Country, Theme


class CountryViewSet(ReadOnlyModelViewSet):
    """Countries with a page, or that some entry is about, by ISO 3166-1 alpha-3 code."""

    permission_classes = [AllowAny]
    serializer_class = CountrySerializer
    lookup_field = "iso3"
    lookup_value_regex = "[A-Z]{3}"
    queryset = Country.objects.none()

    def get_queryset(self) -> QuerySet[Country]:
        before_read()
        pages = CountryPage.objects.visible_to(self.request.user).order_by("language")
        pages = pages.select_related("country").prefetch_related("schemes")
        return countries_visible_to(self.request.user).prefetch_related(Prefetch("pages", pages, "visible_pages"))


class ThemeViewSet(ReadOnlyModelViewSet):
    """Themes with a page, or that some entry is about, by slug."""

    permission_classes = [AllowAny]
    serializer_class = ThemeSerializer
    lookup_field = "slug"
    queryset = Theme.objects.none()

    def get_queryset(self) -> QuerySet[Theme]:
        before_read()
        user = self.request.user
        chosen = KeyResource.objects.filter(resource__in=Resource.objects.visible_to(user)).select_related("resource")
        pages = ThemePage.objects.visible_to(user).select_related("theme").order_by("language")
        pages = pages.prefetch_related(Prefetch("key_resources", chosen))
        themes = themes_visible_to(user).select_related("parent")
        return themes.prefetch_related(Prefetch("pages", pages, "visible_pages"))
