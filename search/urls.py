from django.urls import path

from search import feeds, opensearch, views

urlpatterns = [
    path("search/", views.search_page, name="search"),
    path("search/feed.atom", feeds.search_feed, name="search-feed"),
    path("search/suggest/", views.suggestions, name="suggest"),
    path("search/suggest/opensearch/", opensearch.suggestions, name="opensearch-suggestions"),
    path("search/similar/<slug:kind>/<int:pk>/", views.similar, name="similar"),
]
