"""Addresses under /<language>/library/."""

from django.urls import path

from core import converters  # noqa: F401  registers `number`
from library import views
from links.feeds import feed

app_name = "library"
urlpatterns = [
    path("feed.atom", feed, {"kind": "resource"}, name="feed"),
    path("", views.resource_list, name="list"),
    path("agents/", views.agent_list, name="agents"),
    path("agents/<number:pk>/", views.agent, name="agent"),
    path("<number:number>/", views.resource, name="resource"),
]
