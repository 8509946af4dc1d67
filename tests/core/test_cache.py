"""The shared cache without its server."""

import pytest
from django.core.cache import caches
from django.test import Client

from core.cache import ForgivingRedisCache

AWAY = "redis://127.0.0.1:9/0"  # a port on which nobody listens


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch):
    monkeypatch.setattr(ForgivingRedisCache, "_away_until", float("-inf"))


@pytest.fixture
def away() -> ForgivingRedisCache:
    return ForgivingRedisCache(AWAY, {"OPTIONS": {"socket_connect_timeout": 0.25}})


def test_without_its_server_nothing_is_found_kept_or_raised(away, caplog):
    away.set("a", 1)
    assert away.get("a") is None and away.get("a", 5) == 5
    assert away.get_many(["a"]) == {} and "a" not in away
    assert away.add("a", 1) is True and away.incr("a", 2) == 2
    assert away.set_many({"a": 1}) == ["a"]
    assert away.delete("a") is False and away.touch("a") is False
    away.delete_many(["a"])
    assert away.get_or_set("a", 7) == 7
    assert caplog.text.count("The cache does not answer") == 1, "only the first of them waited"


@pytest.mark.django_db
def test_people_log_in_while_the_cache_is_away(settings, member):
    settings.CACHES = {
        "default": {
            "BACKEND": "core.cache.ForgivingRedisCache",
            "LOCATION": AWAY,
            "OPTIONS": {"socket_connect_timeout": 0.25},
        }
    }
    settings.ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip"}
    member.set_password("correct horse battery")
    member.save()
    answer = Client().post("/accounts/login/", {"login": member.email, "password": "correct horse battery"})
    assert answer.status_code == 302


@pytest.mark.full
def test_with_its_server_it_keeps(db):
    cache = caches["default"]
    assert isinstance(cache, ForgivingRedisCache)
    cache.set("a", 1)
    assert cache.get("a") == 1 and cache.incr("a") == 2
    assert cache.add("a", 5) is False
    assert cache.delete("a") is True
