"""The API on one screen: `/api/v1/`."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.permissions import AllowAny
from rest_framework.routers import APIRootView, DefaultRouter

from experts.api import ExpertViewSet
from glossary.api import TermViewSet
from library.api import ResourceViewSet
from pages.api import CountryViewSet, ThemeViewSet
from qa.api import QuestionViewSet
from search.api import SearchView


class ContentsView(APIRootView):
    """Everything that the API offers: each part is public, and shows what its reader may see."""

    permission_classes = [AllowAny]


router = DefaultRouter()
router.APIRootView = ContentsView
router.register("resources", ResourceViewSet, basename="api-resource")
router.register("terms", TermViewSet, basename="api-term")
router.register("countries", CountryViewSet, basename="api-country")
router.register("themes", ThemeViewSet, basename="api-theme")
router.register("experts", ExpertViewSet, basename="api-expert")
router.register("questions", QuestionViewSet, basename="api-question")

urlpatterns = [
    path("", include(router.urls)),
    path("search/", SearchView.as_view(), name="api-search"),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api-schema"), name="api-docs"),
]
