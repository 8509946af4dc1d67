"""No private item reaches a reader below its level: by page, list, API, search, suggestion, index or link."""

import json
import re

import pytest

from experts.choices import Level, Mastery, Section
from experts.models import (
    CountryExperience,
    Education,
    Employment,
    Expertise,
    ExpertProfile,
    LanguageSkill,
    ProfileText,
)
from links.models import Link
from sync.models import Document
from tests.experts.factories import assignment, country, expert, theme
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
MARK = re.compile("tok[a-z]+")  # what a test plants
READERS = {"visitor": {Level.PUBLIC}, "member": {Level.PUBLIC, Level.REGISTERED}}
TAGS = {"private": "fr", "managers": "de", "partners": "it", "registered": "es", "public": "pt"}


def token(section: str, level: str) -> str:
    return f"tok{section}{level}zz"  # which no stemmer shortens


def parts(level: str, own: str, number: int) -> dict:
    """Return one item of each section, all with tokens of this level; `own` is the items' own level."""

    def said(section: str) -> str:
        return token(section, level)

    return {
        "assignments": [
            assignment(said("title"), number, role=said("role"), client=said("client"), level=own,
                       topics=[f"theme:{theme(said('theme')).pk}"]),
        ],
        "positions": [Employment(title=said("job"), employer=said("employer"), summary=said("duty"), level=own)],
        "education": [Education(degree=said("degree"), field=said("field"), institution=said("school"), level=own)],
        "expertise": [
            Expertise(topic=said("topic"), mastery=Mastery.EXPERT, evidence=[f"assignment:{number}"], level=own)
        ],
        "languages": [LanguageSkill(language=TAGS[level], mother_tongue=True, level=own)],
        "experience": [CountryExperience(country=_place(level), level=own)],
    }  # fmt: skip


def _place(level: str) -> str:
    return country(f"X{level[:2].upper()}", level[:2].upper(), token("place", level)).iso3


@pytest.fixture
def planted() -> list[ExpertProfile]:
    """Two public experts: one with items of each own level, one with sections of each level; and hidden people."""
    items: dict[str, list] = {}
    for number, level in enumerate(Level, start=1):
        for name, rows in parts(level, level, number).items():
            items.setdefault(name, []).extend(rows)
    owner = UserFactory(email="tokmail@example.org", first_name="tokfirst", last_name="toklast")
    by_item = expert("By Item", user=owner, **items)
    by_section = [
        expert(
            f"By Section {level}",
            own_levels={section: level for section in Section if section != Section.IDENTITY},
            texts=[ProfileText(language="en", headline="Open", summary=token("summary", level))],
            **parts(level, "", 1),
        )
        for level in Level
    ]
    hidden = [expert(token("name", level), level=level, headline=token("headline", level)) for level in Level]
    return [by_item, *by_section, *hidden]


def marks(text: str) -> set[str]:
    return set(MARK.findall(text.lower()))


def allowed(levels: set[str]) -> set[str]:
    """Return the tokens that readers of these levels may meet."""
    names = "title role client theme job employer duty degree field school topic summary name headline place".split()
    return {token(name, level) for name in names for level in levels}


def addresses(profiles: list[ExpertProfile]) -> list[str]:
    found = ["/en/experts/", "/fr/experts/?sort=confirmed", "/en/experts/?region=africa", "/api/v1/experts/"]
    found += ["/en/search/?kind=expert", "/en/search/?q=tok", "/api/v1/search/?kind=expert", "/en/themes/"]
    found += [f"/en/search/suggest/?q=tok{name}" for name in ("topic", "name", "title")]
    for level in Level:
        found += [f"/en/search/?q={token(name, level)}" for name in ("topic", "title", "school", "summary")]
        found += [f"/en/experts/?theme={token('theme', level)}", f"/en/experts/?language={TAGS[level]}"]
        found.append(f"/en/themes/{token('theme', level)}/")
    for profile in profiles:
        found += [profile.get_absolute_url(), f"/api/v1/experts/{profile.public_id}/"]
    return found


@pytest.mark.parametrize("reader", READERS)
def test_no_response_holds_what_its_reader_may_not_know(client, member_client, planted, drained, reader):
    drained()
    browser = member_client if reader == "member" else client
    forbidden = allowed(set(Level)) - allowed(READERS[reader]) | {"tokmail", "tokfirst", "toklast"}
    met: set[str] = set()
    for address in addresses(planted):
        response = browser.get(address)
        asked = marks(address)  # the page repeats what was asked for, and that is no leak
        met |= marks(response.content.decode()) - asked
    assert met & allowed(READERS[reader]) == allowed(READERS[reader])  # the test sees what there is to see
    assert not met & forbidden


@pytest.mark.parametrize(("index", "reader"), [("public", "visitor"), ("members", "member"), ("staff", "member")])
def test_no_document_holds_what_its_audience_may_not_know(planted, drained, index, reader):
    drained()
    documents = Document.objects.filter(audience=index, kind="expert", gone=False)
    whole = json.dumps(list(documents.values()), default=str)
    assert marks(whole) == allowed(READERS[reader])
    spoken = {tag for document in documents for tag, _, _ in (s.partition(":") for s in document.facets["spoken"])}
    assert spoken == {TAGS[level] for level in READERS[reader]}


def test_topic_links_follow_the_audience(planted, drained):
    drained()
    links = Link.objects.filter(source__startswith="expert:", how="topic")
    slugs = {audience: set() for audience in ("public", "members")}
    for link in links.filter(target__startswith="theme:"):
        slugs[link.audience].add(theme_slug(link.target))
    assert slugs["public"] == {token("theme", "public")}
    assert slugs["members"] == {token("theme", "public"), token("theme", "registered")}


def theme_slug(key: str) -> str:
    return type(theme("x")).objects.get(pk=key.partition(":")[2]).slug


def test_a_hidden_option_has_no_count(client, planted, drained):
    drained()
    facets = {f["name"]: {o["value"] for o in f["options"]} for f in client.get("/en/experts/").context["facets"]}
    assert facets["theme"] == {token("theme", "public")} and facets["language"] == {"pt"}
    assert facets["country"] == {"XPU"}


def test_evidence_that_is_hidden_is_not_pointed_to(client, drained):
    made = expert(
        assignments=[assignment("Secret work", 7, level=Level.PRIVATE)],
        expertise=[Expertise(topic="Audits", mastery=Mastery.EXPERT, evidence=["assignment:7"])],
    )
    drained()
    for address in (made.get_absolute_url(), f"/api/v1/experts/{made.public_id}/"):
        text = client.get(address).content.decode()
        assert "Audits" in text and "assignment:7" not in text and "assignment-7" not in text


def test_staff_read_managers_items_and_not_private_ones(editor_client, planted):
    text = editor_client.get(planted[0].get_absolute_url()).content.decode()
    assert token("title", Level.MANAGERS) in text and token("title", Level.PRIVATE) not in text


def test_where_somebody_lives_is_for_those_it_is_shown_to(client, member_client, drained):
    made = expert(residence_country=_place("partners"), own_levels={"residence": Level.REGISTERED})
    drained()
    for address in (made.get_absolute_url(), f"/api/v1/experts/{made.public_id}/"):
        hidden, shown = (browser.get(address).content.decode() for browser in (client, member_client))
        assert "XPA" not in hidden.upper() and "XPA" in shown.upper()


def test_the_database_decides_where_the_index_is_behind(client, drained, monkeypatch):
    made = expert("Had Enough")
    drained()
    for module in ("experts.views", "experts.api", "search.views"):
        monkeypatch.setattr(f"{module}.before_read", lambda: None)
    assert b"Had Enough" in client.get("/en/experts/").content
    made.consents.all().delete()
    for address in ("/en/experts/", "/api/v1/experts/", "/en/search/?q=enough", made.get_absolute_url()):
        assert b"Had Enough" not in client.get(address).content
    assert Document.objects.filter(kind="expert", gone=False).exists()
