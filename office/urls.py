from django.urls import path

from office import views

app_name = "office"
urlpatterns = [
    path("", views.report, name="report"),
    path("sent/", views.sent, name="sent"),
]
