"""Addresses under /id/glossary/, which never change and carry no language."""

from django.urls import re_path

from glossary import views
from glossary.urls import NUMBER

app_name = "glossary-id"
urlpatterns = [re_path(rf"^c/{NUMBER}$", views.permanent, name="concept")]
