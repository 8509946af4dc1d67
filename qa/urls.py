"""Addresses under /<language>/questions/."""

from django.urls import path

from core import converters  # noqa: F401  registers `number`
from links.feeds import feed
from qa import ask_views, case_views, views

app_name = "questions"
urlpatterns = [
    path("feed.atom", feed, {"kind": "question"}, name="feed"),
    path("", views.question_list, name="list"),
    path("ask/", ask_views.ask, name="ask"),
    path("mine/", views.mine, name="mine"),
    path("<number:number>/", views.question, name="detail"),
    path("<number:number>/comment/", case_views.comment, name="comment"),
    path("<number:number>/comments/<number:pk>/", case_views.moderate_comment, name="moderate_comment"),
    path("<number:number>/answer/", case_views.answer, name="answer"),
    path("<number:number>/answers/<number:pk>/", case_views.check, name="check"),
    path("<number:number>/assign/", case_views.assign, name="assign"),
    *(
        path(f"<number:number>/{event}/", case_views.act, {"event": event}, name=event)
        for event in case_views.SIMPLE
    ),
]  # fmt: skip
