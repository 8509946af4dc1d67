"""Addresses under /<language>/glossary/."""

from django.urls import path, re_path

from core import converters
from glossary import views
from links.feeds import feed

NUMBER = f"(?P<number>{converters.NUMBER})"  # one spelling only, so that every page has one address

app_name = "glossary"
urlpatterns = [
    path("feed.atom", feed, {"kind": "term"}, name="feed"),
    path("", views.term_list, name="list"),
    re_path(rf"^(?P<slug>[-a-zA-Z0-9_]+)-{NUMBER}/$", views.term, name="term"),
    re_path(rf"^{NUMBER}/$", views.number_only, name="number"),
    re_path(rf"^{NUMBER}/popover/$", views.popover, name="popover"),
]
