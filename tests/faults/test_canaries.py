"""The history says who might know what, and what the database may hold."""

import json

import pytest

from tests.faults.canaries import History, Item, Journal, Loss, Version

NEVER = float("inf")


def version(token: str, audience: str | None, begin: float, end: float | None, name: str = "a") -> Version:
    return Version(name, token, audience, begin, end)


def test_a_public_word_may_be_shown_from_its_beginning_on():
    history = History([version("one", "public", 10, 11)])
    assert history.might_know("public", "one", 10.5, 10.6), "it may have been committed before it was acknowledged"
    assert not history.might_know("public", "one", 8, 9)
    assert history.might_know("staff", "one", 99, 100)


def test_what_was_hidden_may_be_shown_until_hiding_was_acknowledged():
    history = History([version("one", "public", 10, 11), version("two", None, 20, 21)])
    assert history.might_know("public", "one", 20.5, 25), "it was still there when the request began"
    assert not history.might_know("public", "one", 21.5, 22)
    assert not history.might_know("public", "two", 20.5, 25)
    assert not history.might_know("staff", "two", 20.5, 25)


def test_a_hiding_that_was_never_acknowledged_hides_nothing_for_sure():
    history = History([version("one", "public", 10, 11), version("two", None, 20, None)])
    assert history.might_know("public", "one", 30, 31)


def test_an_old_word_of_a_visible_object_is_stale_and_no_leak():
    history = History([version("one", "public", 10, 11), version("two", "public", 20, 21)])
    assert history.might_know("public", "one", 30, 31)
    assert not History(
        [version("one", "staff", 10, 11), version("two", "public", 20, 21)]
    ).might_know("public", "one", 30, 31)  # fmt: skip


def test_members_words_are_for_members_and_staff():
    history = History([version("one", "members", 10, 11)])
    shown = {viewer for viewer in ("public", "members", "staff") if history.might_know(viewer, "one", 12, 13)}
    assert shown == {"members", "staff"}


def test_one_word_hidden_and_shown_again():
    history = History([version("one", "members", 1, 2), version("one", "staff", 3, 4), version("one", "members", 5, 6)])
    assert not history.might_know("members", "one", 4.5, 4.9)
    assert history.might_know("members", "one", 4.5, 5.1)


def test_the_database_may_hold_the_last_acknowledged_version_or_a_later_one():
    versions = [version("one", "public", 1, 2), version("two", "public", 3, 4), version("three", None, 5, None)]
    assert [v.token for v in History(versions).possible("a")] == ["two", "three"]


def test_a_journal_is_read_back_with_what_was_never_acknowledged(tmp_path):
    path = tmp_path / "journal"
    journal = Journal(path)
    with journal.writing(Item("a", "one", "public"), act="create"):
        pass
    with pytest.raises(ZeroDivisionError), journal.writing(Item("a", "two", None), act="withdraw"):
        raise ZeroDivisionError
    path.open("a").write(json.dumps({"number": 3, "at": 1})[:9])  # cut in the middle by a kill
    history = History.read([path])
    assert [(act, acked) for act, _, acked in history.acts] == [("create", True), ("withdraw", False)]
    assert [(v.token, v.audience, v.end is None) for v in history.by_name["a"]] == [
        ("one", "public", False), ("two", None, True),
    ]  # fmt: skip


def test_writes_after_the_copy_are_lost_and_those_during_it_uncertain(tmp_path):
    lines = [
        {"number": name, "at": at, "act": "create", "items": [[name, f"t{name}", "public"]]}
        for name, at in (("before", 1), ("during", 11), ("after", 21), ("since", 31))
    ]
    acks = [{"acked": line["number"], "at": line["at"] + 0.5} for line in lines]
    path = tmp_path / "journal"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines + acks))
    history = History.read([path], Loss(10, 20, 30))
    assert {name: versions[0].end for name, versions in history.by_name.items()} == {
        "before": 1.5, "during": None, "since": 31.5,
    }  # fmt: skip
