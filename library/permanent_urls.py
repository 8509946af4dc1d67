"""Addresses under /id/, which never change and carry no language."""

from django.urls import path

from core import converters  # noqa: F401  registers `number`
from library import views

app_name = "permanent"
urlpatterns = [
    path("resource/<number:number>", views.permanent, name="resource"),
    path("resource/<number:number>.ris", views.export, {"form": "ris"}, name="ris"),
    path("resource/<number:number>.bib", views.export, {"form": "bib"}, name="bib"),
]
