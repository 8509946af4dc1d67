from django.urls import path

from links.feeds import feed
from pages import views

app_name = "themes"
urlpatterns = [
    path("feed.atom", feed, {"kind": "theme"}, name="feed"),
    path("", views.theme_list, name="list"),
    path("<slug:slug>/", views.theme_detail, name="detail"),
]
