"""Experts as entries: what is searched and linked, in which language, for whom, and until when."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone, translation

from core.entries import registry
from experts.choices import Level, Mastery
from experts.entries import confirmed_ago
from experts.models import (
    Consent,
    CountryExperience,
    Education,
    Employment,
    Expertise,
    ExpertProfile,
    LanguageSkill,
    ProfileText,
    Visibility,
)
from links.models import Link, Name
from sync.drain import drain
from sync.models import Dirty, Document, State
from taxonomy.models import Country, Theme
from tests.experts.factories import assignment, expert, jordan, sample, senegal, theme

pytestmark = pytest.mark.django_db


def entries(profile: ExpertProfile) -> list:
    source = registry["expert"]
    return [entry for row in source.rows([profile.pk]) for entry in source.entries(row)]


def only(profile: ExpertProfile):
    (entry,) = entries(profile)
    return entry


def term(key: str, names: dict[str, str], audience: str = "public") -> None:
    for language, phrase in names.items():
        Name.objects.create(key=key, language=language, phrase=phrase, audience=audience, is_title=True)


def documents(audience: str = "public"):
    return Document.objects.filter(kind="expert", audience=audience, gone=False)


@pytest.fixture
def full() -> ExpertProfile:
    term("term:7", {"en": "maternity benefit", "fr": "prestation de maternité"})
    maternity = theme("maternity", theme("branches"))
    senegal(), jordan()
    return expert(
        "Awa Diallo",
        texts=[
            ProfileText(language="en", headline="Maternity", summary="Costs benefits."),
            ProfileText(language="fr", headline="Maternité", summary="Chiffre."),
        ],
        expertise=[
            Expertise(term="term:7", mastery=Mastery.EXPERT, evidence=["assignment:1", "resource:12"]),
            Expertise(topic="Ferry crews", mastery=Mastery.AWARENESS),
        ],
        assignments=[
            assignment("Costing", countries=["SEN"], topics=[f"theme:{maternity.pk}", "term:7"], outputs=["resource:9"])
        ],
        positions=[Employment(title="Actuary", employer="a fund", country="JOR")],
        education=[Education(degree="MSc", field="Statistics")],
        languages=[LanguageSkill(language="fr", mother_tongue=True), LanguageSkill(language="en", listening="C1")],
    )


def test_one_entry_for_each_language(full):
    english, french = sorted(entries(full), key=lambda entry: entry.language)
    assert (english.key, english.family, english.audience) == (f"expert:{full.pk}", f"expert:{full.pk}", "public")
    assert english.title == "Awa Diallo" and english.names == english.aliases == ()
    assert (english.summary, french.summary) == ("Maternity\nCosts benefits.", "Maternité\nChiffre.")
    assert english.themes == ("maternity", "branches") and english.countries == ("SEN", "JOR")
    assert english.references == ("resource:9", "resource:12", "term:7")
    assert english.route == ("experts:detail", full.slug) and "year" not in english.facets
    for words in ("maternity benefit", "Ferry crews", "Costing", "Actuary", "Statistics", "French", "Senegal"):
        assert words in english.text
    for words in ("prestation de maternité", "français", "Sénégal"):
        assert words in french.text


def test_what_a_result_line_says(full):
    facets = entries(full)[0].facets
    source = registry["expert"]
    with translation.override("fr"):
        topics, places, *_ = source.metadata(facets)
    assert (topics, places) == ("prestation de maternité, Ferry crews", "Sénégal, Jordan")
    assert source.metadata(facets) == [
        "maternity benefit, Ferry crews", "Senegal, Jordan", "speaks French, English", "confirmed this month",
    ]  # fmt: skip
    assert facets["spoken"] == ("fr:native", "en:C1") and "sample" not in facets
    assert source.metadata(only(sample()).facets)[0] == "Sample"


def test_a_language_of_another_interface_reads_english(full):
    facets = entries(full)[0].facets
    with translation.override("de"):
        assert registry["expert"].metadata(facets)[1] == "Senegal, Jordan"


@pytest.mark.parametrize(
    ("days", "told"),
    [(3, "confirmed this month"), (32, "confirmed 1 month ago"), (155, "confirmed 5 months ago"),
     (735, "confirmed 2 years ago")],
)  # fmt: skip
def test_how_long_ago_is_told_when_it_is_shown(days, told):
    assert confirmed_ago((timezone.now() - timedelta(days=days)).date().isoformat()) == told


def test_the_entry_itself_does_not_know_the_day(full, monkeypatch):
    before = entries(full)
    monkeypatch.setattr(timezone, "now", lambda: full.last_confirmed_at + timedelta(days=200))
    assert entries(full) == before


def test_members_get_an_entry_of_their_own_only_where_they_may_know_more():
    same = expert("Same")
    assert [entry.audience for entry in entries(same)] == ["public"]
    more = expert("More", own_levels={"education": Level.REGISTERED}, education=[Education(degree="Diploma")])
    assert [(e.audience, "Diploma" in e.text) for e in entries(more)] == [("public", False), ("members", True)]
    members_only = expert("Members only", level=Level.REGISTERED)
    assert [entry.audience for entry in entries(members_only)] == ["members"]
    summary = expert(
        "Summary", own_levels={"summary": "registered"}, texts=[ProfileText(language="en", headline="H", summary="S")]
    )
    assert [(e.audience, e.summary) for e in entries(summary)] == [("public", "H"), ("members", "H\nS")]
    for level in (Level.PRIVATE, Level.MANAGERS, Level.PARTNERS):
        assert entries(expert(level=level)) == []


def test_terms_that_an_audience_may_not_know_are_not_named():
    term("term:8", {"en": "draft term"}, audience="staff")
    made = expert(expertise=[Expertise(term="term:8", mastery=Mastery.EXPERT)])
    assert "draft term" not in only(made).text and only(made).facets["topics_en"] == ()


# --- Time ------------------------------------------------------------------------------------------------------------
def test_an_entry_ends_by_itself_when_the_confirmation_is_old(drained):
    made = expert(confirmed_days_ago=settings.EXPERT_SEARCH_DAYS - 1)
    ends = made.last_confirmed_at + timedelta(days=settings.EXPERT_SEARCH_DAYS)
    assert only(made).until == ends
    drained()
    assert State.objects.get(key=f"expert:{made.pk}").due_at == ends and documents().count() == 1
    ExpertProfile.objects.update(last_confirmed_at=made.last_confirmed_at)
    drained()


def test_at_that_moment_it_is_gone_without_any_change(drained, monkeypatch):
    made = expert(confirmed_days_ago=settings.EXPERT_SEARCH_DAYS - 1)
    drained()
    later = timezone.now() + timedelta(days=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert not Dirty.objects.exists() and drain() == 1
    assert not documents().exists()
    assert State.objects.get(key=f"expert:{made.pk}").due_at is None


def test_a_sample_never_ends():
    assert only(sample(confirmed_days_ago=4000)).until is None


# --- Capture ---------------------------------------------------------------------------------------------------------
def test_every_part_makes_its_expert_dirty(full, drained):
    full.experience = [CountryExperience(country="SEN", months=3)]
    full.save()
    drained()
    parts = [ProfileText, Visibility, Consent, Education, Employment, type(full.assignments.first()), LanguageSkill,
             Expertise, CountryExperience]  # fmt: skip
    for model in parts:
        model.objects.filter(profile=full).update(profile=full)
        assert list(Dirty.objects.values_list("key", "cause")) == [(f"expert:{full.pk}", "direct")] * len(
            model.objects.filter(profile=full)
        )
        Dirty.objects.all().delete()


def test_another_name_of_a_term_theme_or_country_reaches_its_experts(full, drained):
    other = expert("Nobody's")
    drained()
    for rows, change in (
        (Name.objects.filter(key="term:7"), {"phrase": "cash for mothers"}),
        (Theme.objects.filter(slug="maternity"), {"slug": "motherhood"}),
        (Country.objects.filter(iso3="SEN"), {"name_en": "Sénégal"}),
    ):
        rows.filter(pk=rows.first().pk).update(**change)
        keys = set(Dirty.objects.filter(key__startswith="expert:").values_list("key", flat=True))
        assert keys == {f"expert:{full.pk}"} and f"expert:{other.pk}" not in keys
        drained()
    text = documents().get(language="en", key=f"expert:{full.pk}").text
    assert "cash for mothers" in text and "Sénégal" in text
    assert documents().get(language="en", key=f"expert:{full.pk}").themes == ["motherhood", "branches"]


def test_links_lead_to_topics_terms_and_sources(full, drained):
    drained()
    targets = set(Link.objects.filter(source=f"expert:{full.pk}", how="reference").values_list("target", flat=True))
    assert targets == {"resource:9", "resource:12", "term:7"}
    topics = Link.objects.filter(source=f"expert:{full.pk}", how="topic")
    assert f"country:{senegal().pk}" in topics.values_list("target", flat=True)
    assert not Name.objects.filter(key__startswith="expert:").exists()


def test_rows_take_few_statements(full, django_assert_max_num_queries):
    pks = [full.pk, *(expert().pk for _ in range(20))]
    with django_assert_max_num_queries(6):
        assert len([entry for row in registry["expert"].rows(pks) for entry in registry["expert"].entries(row)]) == 22
