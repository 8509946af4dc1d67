"""Addresses under /<language>/experts/."""

from django.urls import path

from experts import views
from links.feeds import feed

app_name = "experts"
urlpatterns = [
    path("feed.atom", feed, {"kind": "expert"}, name="feed"),
    path("", views.expert_list, name="list"),
    path("<slug:slug>/", views.expert, name="detail"),
]
