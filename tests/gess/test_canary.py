"""No answer, by whatever address, holds what its reader may not know.

Words that stand nowhere else are planted in everything that somebody may not read; then every address of the URL table
is fetched with every value that a part of it may have, and every reading operation of the API's description.
"""

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator

from accounts.models import User
from core.entries import registry
from core.metadata import canonical_address
from experts.choices import Level, Section
from experts.models import Employment, ExpertProfile, ProfileText
from glossary.models import Concept
from library.models import Agent, Resource
from office.models import ContactMessage, ErrorReport
from qa.choices import CommentAudience, Visibility
from qa.models import AnswerVersion, Comment, Question
from qa.services import add_comment, assign, post_answer, return_answer
from sync.models import Document
from tests.experts.factories import assignment, expert
from tests.factories import UserFactory
from tests.glossary.factories import concept, section, word
from tests.library.factories import resource
from tests.pages.factories import country_page, restrict, theme_page
from tests.qa.factories import answered, editor, posted, published, question

pytestmark = pytest.mark.django_db
WORD = re.compile("canary[a-z]+qz")
MOUNTED = ("cms", "accounts", "documents")  # what others wrote: only addresses without values, and none for strangers


@dataclass
class Planted:
    """The words by who may know them."""

    words: dict[str, set[str]] = field(default_factory=lambda: {"public": set(), "members": set(), "nobody": set()})

    def __call__(self, reader: str, name: str) -> str:
        """Return a new word that this reader, and those who know more, may know."""
        made = f"canary{name}{reader}qz"
        self.words[reader].add(made)
        return made

    def known_to(self, reader: str) -> set[str]:
        return self.words["public"] | (self.words["members"] if reader == "members" else set())

    def all(self) -> set[str]:
        return set().union(*self.words.values())


def words_in(text: str) -> set[str]:
    return set(WORD.findall(text.lower()))


# --- Planting --------------------------------------------------------------------------------------------------------
@pytest.fixture
def planted(drained) -> Planted:
    plant = Planted()
    plant_library(plant)
    plant_glossary(plant)
    plant_pages(plant)
    plant_experts(plant)
    plant_questions(plant)
    plant_office(plant)
    drained()
    return plant


def plant_library(plant: Planted) -> None:
    resource(plant("nobody", "drafttitle"), abstract=plant("nobody", "draftabstract"), live=False,
             authors=[plant("nobody", "draftauthor")])  # fmt: skip
    shown = resource(plant("public", "title"), authors=[plant("public", "author")])
    shown.title = plant("nobody", "nexttitle")
    shown.save_revision()


def plant_glossary(plant: Planted) -> None:
    concept(section("en", plant("nobody", "conceptterm"), definition=plant("nobody", "conceptdefinition")), draft=True)
    made = concept(
        section("en", word(plant("public", "term"))),
        section("fr", plant("nobody", "sectionterm"), state="draft", definition=plant("nobody", "sectiondefinition")),
    )
    made.sections.first().definition = plant("nobody", "nextdefinition")
    made.save_revision()


def plant_pages(plant: Planted) -> None:
    shown = country_page("SEN", "en", lead=plant("public", "lead"))
    shown.lead = plant("nobody", "nextlead")
    shown.save_revision()
    country_page("KEN", "en", live=False, lead=plant("nobody", "draftlead"))
    restrict(country_page("CPV", "en", lead=plant("members", "lead")), "login")
    shown = theme_page("maternity", lead=plant("public", "themelead"))
    shown.lead = plant("nobody", "nextthemelead")
    shown.save_revision()
    theme_page("sickness", live=False, lead=plant("nobody", "draftthemelead"))


def plant_experts(plant: Planted) -> None:
    """One profile with items of every level, one with hidden sections, one that nobody but its owner reads."""
    readers = {Level.PUBLIC: "public", Level.REGISTERED: "members"}
    levels = [(level, readers.get(level, "nobody")) for level in Level]
    owner = UserFactory(email=f"{plant('nobody', 'owner')}@example.org", last_name=plant("nobody", "surname"))
    expert(
        plant("public", "expert"),
        user=owner,
        assignments=[
            assignment(plant(reader, f"work{level}"), number, level=level)
            for number, (level, reader) in enumerate(levels, start=1)
        ],
        positions=[
            Employment(title=plant(reader, f"job{level}"), employer=plant(reader, f"firm{level}"), level=level)
            for level, reader in levels
        ],
    )
    hidden = {part: Level.PRIVATE for part in Section if part != Section.IDENTITY}
    expert("By section", own_levels=hidden, assignments=[assignment(plant("nobody", "sectionwork"))])
    text = ProfileText(language="en", headline=plant("nobody", "headline"))
    expert(plant("nobody", "hiddenexpert"), level=Level.PRIVATE, texts=[text])


def plant_questions(plant: Planted) -> None:
    plant_case(plant, "nobody", "private", Visibility.PRIVATE)
    plant_case(plant, "members", "shared", Visibility.MEMBERS)
    texts = {"title": plant("nobody", "askedtitle"), "body": plant("nobody", "askedbody")}
    case = question(asker=named(plant, "redacted"), visibility=Visibility.PRIVATE, consent=True, **texts)
    shown = {"title": plant("public", "question"), "body": plant("public", "body")}
    published(case, plant("public", "answer"), **shown)
    add_comment(author=case.asker, question=case, body=plant("nobody", "publishedcomment"))


def plant_case(plant: Planted, reader: str, name: str, visibility: str) -> None:
    """One case with all that stands below it: answers in each state, a comment and a note."""
    case = question(
        asker=named(plant, name), title=plant(reader, f"{name}title"), body=plant(reader, f"{name}body"),
        visibility=visibility,
    )  # fmt: skip
    version = answered(case, plant(reader, f"{name}answer"))
    add_comment(author=case.asker, question=case, body=plant(reader, f"{name}comment"), answer=version.answer)
    note = plant("nobody", f"{name}note")
    add_comment(author=editor(), question=case, body=note, audience=CommentAudience.INTERNAL)
    posted(case, plant("nobody", f"{name}waits"))
    post_answer(author=editor(), question=case, text=plant("nobody", f"{name}draft"), draft=True)
    other = question(title=plant(reader, f"{name}opentitle"), visibility=visibility)
    asked = UserFactory(groups=["Experts"])
    assign(actor=editor(), question=other, expert=asked)
    version = post_answer(author=asked, question=other, text=plant("nobody", f"{name}returned"))
    return_answer(actor=editor(), version=version, reason=plant("nobody", f"{name}reason"))


def named(plant: Planted, name: str) -> User:
    return UserFactory(email=f"{plant('nobody', f'{name}mail')}@example.org")


def plant_office(plant: Planted) -> None:
    told = f"resource:{Resource.objects.filter(live=True).first().pk}"
    mail = f"{plant('nobody', 'reportmail')}@example.org"
    ErrorReport.objects.create(about=told, address="/en/", language="en", message=plant("nobody", "report"), email=mail)
    ContactMessage.objects.create(
        name=plant("nobody", "writer"), email=f"{plant('nobody', 'contactmail')}@example.org", language="en",
        message=plant("nobody", "message"),
    )  # fmt: skip


# --- Addresses -------------------------------------------------------------------------------------------------------
def kinds() -> list[str]:
    return [source.kind for source in registry]


def values() -> dict[str, set[Any]]:
    """Return what each part of an address may be: of what is public and of what is not."""
    numbers = {
        number for model in (Resource, Concept, Question) for number in model.objects.values_list("number", flat=True)
    }
    keys = {pk for model in (Agent, Comment, AnswerVersion) for pk in model.objects.values_list("pk", flat=True)}
    experts = ExpertProfile.objects.all()
    pages = {"maternity", "sickness", "privacy"}
    return {
        "number": numbers,
        "pk": keys,
        "iso3": {"SEN", "KEN", "CPV", "sen", "ken", "cpv"},
        "slug": pages | {one.slug for one in experts} | {str(one.get_absolute_url()).split("/")[-2] for one in experts},
        "public_id": {one.public_id for one in experts},
        "format": {"json"},
        "kind": {*kinds(), "list"},
    }


def table(resolver: URLResolver, names: tuple[str, ...] = (), path: str = "") -> Iterator[tuple[URLPattern, str, str]]:
    """Yield every pattern with its full name, "" without one, and its text."""
    for entry in resolver.url_patterns:
        here = path + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from table(entry, (*names, entry.namespace) if entry.namespace else names, here)
        else:
            yield entry, ":".join((*names, entry.name)) if entry.name else "", here


def addresses() -> Iterator[str]:
    """Yield all addresses of the URL table, in one language those with values."""
    known = values()
    for code, _label in settings.LANGUAGES:
        with translation.override(code):
            for _pattern, name, path in table(get_resolver()):
                groups = parts_of(path)
                if not groups:
                    yield address(name, path)
                elif code == "en" and not path.startswith(MOUNTED):
                    unknown = set(groups) - set(known)
                    assert not unknown, f"{path}: say in values() what {unknown} may be"
                    yield from reversed_with(name, groups, known)


def entries() -> Iterator[str]:
    """Yield the page of every entry that the index knows, whoever may read it, in each of its languages."""
    for language, route in Document.objects.filter(gone=False).values_list("language", "route"):
        yield canonical_address(language, route)


def parts_of(path: str) -> list[str]:
    """Return the names of a pattern's values; unnamed ones as their expressions."""
    return re.findall(r"<(?:\w+:)?(\w+)>", path) or re.findall(r"\(.*\)", path)


def address(name: str, path: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return "/" + re.sub(r"[\^$]", "", path)


def reversed_with(name: str, groups: list[str], known: dict[str, set[Any]]) -> Iterator[str]:
    for combination in itertools.product(*(sorted(known[group], key=str) for group in groups)):
        try:
            yield reverse(name, kwargs=dict(zip(groups, combination, strict=True)))
        except NoReverseMatch:  # a value of something else, which this address cannot hold
            continue


def described() -> Iterator[str]:
    """Yield all reading operations of the API's description; each must find a value for what it needs."""
    known = values()
    for path, methods in SchemaGenerator().get_schema(request=None, public=True)["paths"].items():
        if "get" in methods:
            groups = re.findall(r"{(\w+)}", path)
            yield from (
                path.format(**dict(zip(groups, combination, strict=True)))
                for combination in itertools.product(*(sorted(known[group], key=str) for group in groups))
            )


def searches(words: Iterable[str]) -> Iterator[str]:
    """Yield what asks for the words: whole, and, where they complete themselves, by their beginnings."""
    for query in ("canary", *sorted(words)):
        yield f"/en/search/?q={query}"
        yield f"/en/search/suggest/?q={query[:-2]}"
        yield f"/en/search/suggest/opensearch/?q={query[:-2]}"
        yield f"/en/search/feed.atom?q={query}"
        yield f"/en/search/?q={query[:-2]}zq"  # two letters the wrong way round: what is meant is not told
        yield f"/api/v1/search/?q={query}"
    for kind in kinds():
        yield f"/en/search/?kind={kind}"
        yield f"/api/v1/search/?kind={kind}"
    yield from (f"/en/report/?about={kind}:{pk}" for kind in kinds() for pk in range(1, 9))


# --- Crawling --------------------------------------------------------------------------------------------------------
def told(client: Client, path: str) -> set[str]:
    """Return the words in an answer, head and body, that were not in what was asked."""
    answer = client.get(path)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    head = "\n".join(f"{name}: {value}" for name, value in answer.items())
    return words_in(f"{head}\n{answer.cookies.output()}\n{body.decode(errors='replace')}") - words_in(path)


@pytest.mark.parametrize("reader", ["public", "members"])
def test_no_answer_holds_what_its_reader_may_not_know(client, member_client, planted, reader):
    browser = member_client if reader == "members" else client
    found: dict[str, str] = {}
    for path in dict.fromkeys([*addresses(), *entries(), *described(), *searches(planted.all())]):
        found.update(dict.fromkeys(told(browser, path), path))
    assert (SESSION_KEY in browser.session) == (reader == "members"), "no address ends a session by reading it"
    leaks = {name: path for name, path in found.items() if name not in planted.known_to(reader)}
    assert not leaks
    assert planted.known_to(reader) - set(found) == set(), "the crawl meets all that there is to read"


def test_the_crawl_covers_the_table(planted):
    covered = set(addresses())
    expected = ["/robots.txt", "/sitemap.xml", "/sitemaps/resource-1.xml", "/cms/", "/fr/glossary/", "/api/v1/schema/"]
    expected += [one.get_absolute_url() for one in (Resource.objects.first(), Question.objects.first())]
    expected += ["/en/countries/sen/", "/en/questions/feed.atom", "/es/questions/mine/", "/en/themes/maternity/"]
    assert set(expected) <= covered
    assert f"/api/v1/questions/{Question.objects.first().number}/" in set(described())
