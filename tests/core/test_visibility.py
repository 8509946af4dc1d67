"""The rules of all kinds asked at once: what is kept for visitors says the same as each kind's own rule."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone, translation

from core.entries import registry
from core.visibility import rule, rule_for_visitors, visible_keys, visible_rows
from experts.models import ExpertProfile
from glossary.models import Concept
from library.models import Resource
from tests.pages.factories import country_page, theme_page
from tests.qa.factories import published, question
from tests.sync.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db) -> World:
    make_world()
    made = World()
    made.draft(1)
    country_page("SEN")
    country_page("CPV", live=False)
    theme_page("old-age")
    published()
    question()
    return made


@pytest.fixture(params=["visitor", "member", "editor", "admin"])
def user(request):
    return request.getfixturevalue(request.param)


def own_rule(user) -> set[str]:
    return {f"{source.kind}:{row.pk}" for source in registry for row in source.visible_to(user)}


def everything() -> set[str]:
    return {f"{s.kind}:{row.pk}" for s in registry for row in s.model._default_manager.all()}


def test_all_kinds_at_once_say_what_each_says(world, user, django_assert_num_queries):
    keys, expected = everything(), own_rule(user)
    assert expected and {key.partition(":")[0] for key in keys} == {source.kind for source in registry}
    assert rule("resource", user)  # who is an editor is asked once
    with django_assert_num_queries(1):
        assert visible_keys(keys, user) == expected
    assert {f"{s.kind}:{row.pk}" for s in registry for row in visible_rows(s.kind, user)} == expected


def test_what_is_hidden_is_hidden_at_once_though_the_rule_is_kept(world, visitor):
    shown = visible_keys(everything(), visitor)
    for model in (Resource, Concept, ExpertProfile):
        row = model.objects.filter(live=True).order_by("pk").first()
        key = f"{next(source.kind for source in registry if source.model is model)}:{row.pk}"
        assert key in shown
        model.objects.filter(pk=row.pk).update(live=False)
        assert key not in visible_keys([key], visitor)


def test_no_rule_depends_on_when_or_in_which_language_it_was_made(world, monkeypatch):
    made = {source.kind: rule(source.kind, AnonymousUser()) for source in registry}
    later = timezone.now() + timedelta(days=4_000)
    monkeypatch.setattr(timezone, "now", lambda: later)
    rule_for_visitors.cache_clear()
    with translation.override("fr"):
        assert {source.kind: rule(source.kind, AnonymousUser()) for source in registry} == made


def test_unknown_kinds_and_no_keys_show_nothing(visitor, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert visible_keys([], visitor) == visible_keys(["dragon:1"], visitor) == set()
