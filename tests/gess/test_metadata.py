"""What pages tell search engines, reference managers and link previews."""

import re

import pytest
from django.contrib.staticfiles import finders
from PIL import Image

from core.metadata import filled, shortened
from experts.choices import Purpose
from experts.models import LanguageSkill, ProfileText
from library.choices import ResourceType
from library.metadata import KINDS
from tests.experts import factories as experts
from tests.gess.heads import Head
from tests.glossary.factories import concept, pension
from tests.library.factories import jordan, resource, senegal, theme
from tests.pages.factories import country_page, restrict
from tests.qa import factories as questions

pytestmark = pytest.mark.django_db
SITE = "http://testserver"
MOST = 8


def head(client, path) -> Head:
    return Head(client.get(path))


# --- Resources -------------------------------------------------------------------------------------------------------
def test_a_resource_to_search_engines(client, drained):
    book = resource(
        "Pensions", subtitle="A study", type="book", date="2015-06", abstract="On pensions.",
        authors=["Ong, C. B."], publishers=["International Labour Organization"], url="https://example.org/pensions",
        identifiers={"isbn": "92-2-112080-5", "doi": "10.1000/xyz"}, themes=[theme("old-age")], countries=[senegal()],
        is_original=True,
    )  # fmt: skip
    french = resource("Les pensions", language="fr", work=book.work)
    drained()
    found = head(client, f"/fr/library/{book.number}/")
    address = f"{SITE}/en/library/{book.number}/"
    graph = found.graph
    assert graph["@type"] == "Book" and graph["@id"] == f"{SITE}/id/resource/{book.number}"
    assert graph["name"] == "Pensions: A study" and graph["inLanguage"] == "en" and graph["url"] == address
    assert graph["author"] == [{"@type": "Person", "name": "Ong, C. B."}]
    assert graph["publisher"] == [{"@type": "Organization", "name": "International Labour Organization"}]
    assert graph["datePublished"] == "2015-06" and graph["abstract"] == "On pensions."
    assert graph["isbn"] == ["92-2-112080-5"]
    assert {"@type": "PropertyValue", "propertyID": "doi", "value": "10.1000/xyz"} in graph["identifier"]
    assert graph["sameAs"] == ["https://doi.org/10.1000/xyz", "https://example.org/pensions"]
    assert graph["about"] == [{"@type": "DefinedTerm", "name": "Old age"}]
    assert graph["spatialCoverage"] == [{"@type": "Country", "name": "Senegal", "identifier": "SEN"}]
    translation = {"@type": "CreativeWork", "inLanguage": "fr", "url": f"{SITE}/fr/library/{french.number}/"}
    assert graph["workTranslation"] == [translation] and "translationOfWork" not in graph
    assert head(client, f"/fr/library/{french.number}/").graph["translationOfWork"][0]["url"] == address
    assert found.meta("og:title") == "Pensions: A study" and found.meta("og:type") == "book"
    assert found.meta("og:url") == address and found.meta("og:site_name") == "GESS"
    assert found.meta("og:locale") == "en_GB" and found.meta("og:description") == "On pensions."


def test_every_type_is_something_to_search_engines(client, drained):
    assert set(KINDS) == set(ResourceType)
    made = {kind: resource(f"A {kind}", type=kind) for kind in ResourceType.values}
    drained()
    for kind, each in made.items():
        assert head(client, each.get_absolute_url()).graph["@type"] == KINDS[kind]


def test_editions_and_the_original(client, drained):
    original = resource("Pensões", language="pt-BR", is_original=True)
    french = resource("Les pensions", language="fr", work=original.work)
    resource("CANARY", language="es", work=original.work, live=False)
    alone = resource("Alone")
    drained()
    portuguese, own = f"{SITE}/en/library/{original.number}/", f"{SITE}/fr/library/{french.number}/"
    for path in (f"/es/library/{original.number}/", f"/en/library/{french.number}/"):
        found = head(client, path)
        assert found.canonical == (portuguese if str(original.number) in path else own)
        languages = {tag: url for tag, url in found.alternates.items() if "/library/" in url and tag != "x-default"}
        assert {"pt-BR": portuguese, "fr": own}.items() <= languages.items()
        assert found.alternates["x-default"] == portuguese
        assert "CANARY" not in client.get(path).content.decode()
    assert head(client, f"/en/library/{alone.number}/").canonical == f"{SITE}/en/library/{alone.number}/"
    assert 'hreflang="x-default"' not in client.get(f"/en/library/{alone.number}/").content.decode()


def test_a_report_to_reference_managers(client, drained):
    report = resource(
        "Floors", type="report", date="2019-11-25", language="fr", series="ESS papers", series_number="15",
        issuers=["International Labour Organization"], publishers=["ILO, Geneva"], themes=[theme("old-age")],
    )  # fmt: skip
    drained()
    found = head(client, report.get_absolute_url())
    assert found.meta("citation_title") == "Floors" and found.languages["citation_title"] == "fr"
    assert found.all("citation_author") == ["International Labour Organization"], "printed, not split"
    assert found.meta("citation_publication_date") == "2019/11/25" and found.meta("citation_language") == "fr"
    assert found.meta("citation_technical_report_institution") == "ILO, Geneva"
    assert found.meta("citation_technical_report_number") == "15"
    assert not found.meta("citation_journal_title")
    assert found.meta("citation_public_url") == f"{SITE}/fr/library/{report.number}/"
    assert not found.meta("citation_pdf_url"), "there is no file here"
    assert found.meta("DC.title") == "Floors" and found.meta("DC.date") == "2019-11-25"
    assert found.all("DC.creator") == ["International Labour Organization"]
    assert {"rel": "schema.DC", "href": "http://purl.org/dc/elements/1.1/"} in found.links


def test_an_article_to_reference_managers(client, drained):
    article = resource(
        "Pensions", type="article", date="2017", authors=["Ong, C. B.", "Peyron Bista, C."], series="Review",
        series_number="70(1)", pages="167-183", identifiers={"doi": "10.1000/xyz"},
    )  # fmt: skip
    drained()
    found = head(client, article.get_absolute_url())
    assert found.all("citation_author") == ["Ong, C. B.", "Peyron Bista, C."]
    assert found.meta("citation_journal_title") == "Review"
    assert (found.meta("citation_volume"), found.meta("citation_issue")) == ("70", "1")
    assert (found.meta("citation_firstpage"), found.meta("citation_lastpage")) == ("167", "183")
    assert found.meta("citation_doi") == "10.1000/xyz" and found.meta("citation_publication_date") == "2017"
    assert not found.meta("citation_technical_report_institution")


def test_no_title_ends_the_data(client, drained):
    evil = '</script><script>alert("x")</script><!-- \u2028 & "quoted"'
    report = resource(evil, abstract=evil, authors=[evil.replace(";", "")])
    drained()
    found = head(client, report.get_absolute_url())
    assert found.graph["name"] == evil and found.graph["abstract"] == evil
    assert found.meta("citation_title") == evil and found.meta("og:title") == evil
    kinds = [attributes.get("type") or attributes.get("src") for attributes, _ in found.scripts]
    assert len(kinds) == 2 and kinds.count("application/ld+json") == 1


def test_drafts_are_for_no_index(editor_client, drained):
    draft = resource("A draft", live=False)
    drained()
    assert head(editor_client, draft.get_absolute_url()).meta("robots") == "noindex"


# --- Countries, themes, home, lists ----------------------------------------------------------------------------------
def test_a_country_in_several_languages(client, drained):
    country_page("SEN", "en", lead="Lead in English.")
    country_page("SEN", "fr", lead="En français.")
    drained()
    found = head(client, "/fr/countries/sen/")
    assert found.canonical == f"{SITE}/fr/countries/sen/"
    assert found.alternates["en"] == found.alternates["x-default"] == f"{SITE}/en/countries/sen/"
    assert found.graph["@type"] == "WebPage" and found.graph["inLanguage"] == "fr"
    assert found.graph["about"] == {"@type": "Country", "name": "Sénégal", "identifier": "SEN"}
    assert found.meta("og:description") == "En français." and found.meta("og:locale") == "fr_FR"
    assert head(client, "/es/countries/sen/").canonical == f"{SITE}/en/countries/sen/", "the edition that is shown"


def test_editions_that_a_visitor_may_not_read_are_not_told(client, member_client, drained):
    country_page("SEN", "en")
    restrict(country_page("SEN", "fr", lead="CANARY"), "login")
    drained()
    assert head(client, "/fr/countries/sen/").canonical == f"{SITE}/en/countries/sen/"
    assert "CANARY" not in client.get("/fr/countries/sen/").content.decode()
    assert head(member_client, "/fr/countries/sen/").canonical == f"{SITE}/fr/countries/sen/"


def test_a_country_without_page_speaks_the_readers_language(client, drained):
    resource("On Jordan", countries=[jordan()])
    drained()
    found = head(client, "/es/countries/jor/")
    assert found.canonical == f"{SITE}/es/countries/jor/"
    assert {"en", "fr", "es", "x-default"} <= set(found.alternates)


def test_a_theme(client, drained):
    resource("On maternity", themes=[theme("maternity")])
    drained()
    graph = head(client, "/en/themes/maternity/").graph
    assert graph["about"]["@type"] == "DefinedTerm" and graph["about"]["termCode"] == "maternity"
    assert graph["about"]["inDefinedTermSet"]["url"] == f"{SITE}/en/themes/"


def test_home_tells_how_to_search(client, drained):
    graph = head(client, "/fr/").graph
    assert graph["@type"] == "WebSite" and graph["potentialAction"]["query-input"] == "required name=search_term_string"
    template = graph["potentialAction"]["target"]["urlTemplate"]
    address = template.replace("{search_term_string}", "pension").removeprefix(SITE)
    response = client.get(address)
    assert response.status_code == 200 and response.context["query"].text == "pension"


# --- Glossary --------------------------------------------------------------------------------------------------------
def test_a_term_in_all_its_languages(client, drained):
    old_age = pension()
    drained()
    found = head(client, f"/fr/glossary/pension-de-vieillesse-{old_age.number}/")
    addresses = {
        "en": f"{SITE}/en/glossary/old-age-pension-{old_age.number}/",
        "fr": f"{SITE}/fr/glossary/pension-de-vieillesse-{old_age.number}/",
        "es": f"{SITE}/es/glossary/pension-de-vejez-{old_age.number}/",
    }
    assert found.canonical == addresses["fr"]
    assert found.alternates == {**addresses, "x-default": addresses["en"]}
    graph = found.graph
    assert graph["@type"] == "DefinedTerm" and graph["termCode"] == old_age.number
    assert {"@language": "es", "@value": "pensión de vejez"} in graph["name"]
    assert {"@language": "fr", "@value": "what pension de vieillesse means"} in graph["description"]
    assert graph["inDefinedTermSet"]["url"] == f"{SITE}/fr/glossary/"
    assert head(client, "/fr/glossary/").graph["@type"] == "DefinedTermSet"


def test_a_term_without_the_readers_language_is_at_home_in_its_own(client, drained):
    floor = concept("social protection floor")
    drained()
    address = f"/glossary/social-protection-floor-{floor.number}/"
    response = client.get(f"/es{address}")
    assert Head(response).canonical == f"{SITE}/en{address}"
    assert f'<{SITE}/en{address}>; rel="canonical"' in response["Link"]


# --- Questions, experts ----------------------------------------------------------------------------------------------
def test_a_question_with_its_answer(client, member_client, drained):
    case = questions.question(title="CANARY case", body="CANARY facts", visibility="public", consent=True)
    edition = questions.published(case, title="Who pays?", body="A *law* is new.")
    drained()
    path = f"/en/questions/{edition.question.number}/"
    found = head(client, path)
    graph = found.graph
    assert graph["@type"] == "QAPage" and found.canonical == graph["url"] == SITE + path
    asked = graph["mainEntity"]
    assert asked["@type"] == "Question" and asked["name"] == "Who pays?" and asked["text"] == "A law is new."
    assert asked["answerCount"] == 1 and asked["acceptedAnswer"][0]["text"] == "The fund pays."
    assert found.meta("og:title") == "Who pays?" and "CANARY" not in client.get(path).content.decode()
    assert client.get(f"/fr/questions/{edition.question.number}/").content.decode().count(f'"{SITE}{path}"') > 1
    feed = client.get("/en/questions/feed.atom").content.decode()
    assert "Who pays?" in feed and "CANARY" not in feed
    assert head(client, "/en/questions/").canonical == f"{SITE}/en/questions/"


def test_an_open_case_is_told_to_no_machine(client, admin_client, drained):
    case = questions.question(title="CANARY case", body="CANARY facts")
    drained()
    path = f"/en/questions/{case.number}/"
    assert client.get(path).status_code == 404
    assert not [text for kind, text in head(admin_client, path).scripts if kind.get("type")]
    assert "CANARY" not in client.get("/en/questions/feed.atom").content.decode()


def test_an_expert_who_agreed_to_search_engines(client, drained):
    texts = [ProfileText(language=tag, headline=f"Pensions {tag}") for tag in ("en", "fr")]
    named = experts.expert("Aminata Diop", texts=texts, languages=[LanguageSkill(language="fr", mother_tongue=True)])
    experts.agree(named, Purpose.SEARCH)
    drained()
    found = head(client, f"/fr/experts/{named.slug}/")
    addresses = {tag: f"{SITE}/{tag}/experts/{named.slug}/" for tag in ("en", "fr")}
    assert found.canonical == addresses["fr"]
    assert found.alternates == {**addresses, "x-default": addresses["en"]}
    assert found.meta("og:type") == "profile" and not found.meta("robots")
    assert found.graph["@type"] == "ProfilePage" and found.graph["mainEntity"]["name"] == "Aminata Diop"
    assert found.graph["mainEntity"]["jobTitle"] == "Pensions fr"
    told = client.get("/en/experts/feed.atom").content + client.get("/sitemaps/expert-1.xml").content
    assert told.count(addresses["en"].encode()) >= 2


@pytest.mark.parametrize("make", [experts.expert, experts.sample])
def test_an_expert_who_did_not_is_told_to_no_machine(client, drained, make):
    shown = make("CANARY Diop")
    drained()
    found = head(client, f"/en/experts/{shown.slug}/")
    assert found.meta("robots") == "noindex"
    assert not [text for kind, text in found.scripts if kind.get("type")]
    assert "CANARY" not in client.get("/en/experts/feed.atom").content.decode()
    assert client.get("/sitemaps/expert-1.xml").status_code == 404


@pytest.mark.parametrize(
    "section", ["", "library/", "library/agents/", "countries/", "themes/", "glossary/", "questions/", "experts/"]
)
def test_lists_are_one_page_in_three_languages(client, section):
    found = head(client, f"/fr/{section}?theme=maternity&sort=title&view=region&letter=b")
    assert found.canonical == f"{SITE}/fr/{section}"
    alternates = {code: f"{SITE}/{code}/{section}" for code in ("en", "fr", "es")}
    assert {**alternates, "x-default": alternates["en"]}.items() <= found.alternates.items()
    assert found.meta("description") and found.meta("og:title") and not found.meta("robots")


@pytest.mark.parametrize("path", ["/en/search/", "/en/search/?q=pension", "/accounts/login/", "/accounts/signup/"])
def test_pages_that_no_search_engine_should_show(client, path):
    assert head(client, path).meta("robots") == "noindex"


# --- All pages -------------------------------------------------------------------------------------------------------
def test_the_picture_of_link_previews_is_there(client, drained):
    address = head(client, "/en/").meta("og:image")
    assert address.startswith(SITE)
    with Image.open(finders.find(address.removeprefix(f"{SITE}/static/"))) as picture:
        assert picture.size == (1200, 630)


def test_heads_cost_no_statements(client, drained, django_assert_max_num_queries):
    report = resource("Floors", authors=["Ong, C. B."], themes=[theme("old-age")], countries=[senegal()])
    country_page("SEN", "en")
    drained()
    for path in (report.get_absolute_url(), "/en/countries/sen/", "/en/themes/old-age/", "/en/", "/en/library/"):
        with django_assert_max_num_queries(MOST):
            client.get(path)


def test_a_description_is_one_line_cut_at_a_word():
    text = "one\n two\tthree " * 50
    assert "\n" not in shortened(text) and len(shortened(text)) <= 300 and shortened(text).endswith("…")
    assert re.fullmatch(r"(?:(?:one|two|three) )*(?:one|two|three)…", shortened(text))
    assert shortened("short") == "short"


def test_what_says_nothing_is_left_out():
    assert filled({"a": "", "b": [], "c": {"d": None}, "e": [{"f": ""}], "g": False, "h": 0}) == {"g": False, "h": 0}
