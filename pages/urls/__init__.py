from django.urls import include, path

from pages import views

urlpatterns = [
    path("", views.home, name="home"),
    path("countries/", include("pages.urls.countries")),
    path("themes/", include("pages.urls.themes")),
]
