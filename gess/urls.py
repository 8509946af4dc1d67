"""All addresses. What stands outside the language prefix is permanent and the same in every language."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from gess import api_router, sitemaps
from gess.views import best_language, editors_log_in, robots
from links.preference import switch
from office.components import components
from search import opensearch

urlpatterns: list[URLPattern | URLResolver] = [
    path("", best_language),
    path("robots.txt", robots),
    path("opensearch.xml", opensearch.description, name="opensearch"),
    path("sitemap.xml", sitemaps.index, name="sitemaps"),
    path("sitemaps/<slug:kind>-<int:number>.xml", sitemaps.part, name="sitemap"),
    path("accounts/", include("allauth.urls")),
    # One way to log in: Wagtail's own form never shows.
    path("cms/login/", editors_log_in),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("api/v1/", include(api_router)),
    path("id/", include("library.permanent_urls")),
    path("id/glossary/", include("glossary.permanent_urls")),
]
urlpatterns += i18n_patterns(
    path("", include("pages.urls")),
    path("", include("search.urls")),
    path("library/", include("library.urls")),
    path("glossary/", include("glossary.urls")),
    path("experts/", include("experts.urls")),
    path("questions/", include("qa.urls")),
    path("report/", include("office.urls")),
    path("contact/", include("office.contact_urls")),
    path("links/", switch, name="links_switch"),
    path("components/", components, name="components"),
)
