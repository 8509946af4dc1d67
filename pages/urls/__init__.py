from django.urls import include, path

from pages import views

urlpatterns = [
    path("", views.home_page, name="home"),
    path("countries/", include("pages.urls.countries")),
    path("about/<slug:slug>/", views.free_page, name="about"),
    path("themes/", include("pages.urls.themes")),
]
