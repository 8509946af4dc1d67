from django.urls import path

from links.feeds import feed
from pages import views

app_name = "countries"
urlpatterns = [
    path("feed.atom", feed, {"kind": "country"}, name="feed"),
    path("", views.country_list, name="list"),
    path("<slug:iso3>/", views.country_detail, name="detail"),
]
