from django.urls import path

from pages import views

app_name = "countries"
urlpatterns = [
    path("", views.country_list, name="list"),
    path("<slug:iso3>/", views.country_detail, name="detail"),
]
