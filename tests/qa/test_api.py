"""`/api/v1/questions/`: published editions for all, asking for members."""

import pytest

from qa.models import Question
from qa.services import unpublish
from tests.conftest import client_of
from tests.factories import UserFactory
from tests.library.factories import resource, senegal, theme
from tests.qa.factories import answered, editor, published, question

pytestmark = pytest.mark.django_db
URL = "/api/v1/questions/"


@pytest.fixture
def asked() -> dict:
    theme("maternity"), senegal()
    return {"title": "Who pays?", "body": "We ask.", "language": "en", "themes": ["maternity"], "countries": ["SEN"]}


def test_a_published_question(client):
    cited = resource()
    case = question(visibility="members", consent=True, countries=[senegal()])
    published(case, f"**See** [[resource:{cited.number}|this]].", answered_by="An expert")
    found = client.get(f"{URL}{case.number}/").json()
    assert found["url"] == f"http://testserver/en/questions/{case.number}/"
    assert (found["themes"], found["countries"]) == (["maternity"], ["SEN"])
    (edition,) = found["editions"]
    assert (edition["question"], edition["answer"], edition["answered_by"]) == (
        "A law is new.",
        "See this.",
        "An expert",
    )
    assert edition["references"] == [f"resource:{cited.number}"]
    assert "Our law" not in str(found) and case.asker.email not in str(found)


def test_only_what_is_published_is_there_for_whomever(client, editor_client):
    shown = published().question
    for case in (question(visibility="members"), gone := published().question):
        assert case
    answered(question(visibility="members"))
    unpublish(actor=editor(), question=gone)
    for reader in (client, editor_client, client_of(gone.asker)):
        assert [each["number"] for each in reader.get(URL).json()["results"]] == [shown.number]
        assert reader.get(f"{URL}{gone.number}/").status_code == 404


def test_filters(client):
    published(question(consent=True, themes=[theme("maternity", theme("branches"))], countries=[senegal()]))
    for query, count in [("theme=branches", 1), ("theme=x", 0), ("country=sen", 1), ("country=FRA", 0)]:
        assert len(client.get(f"{URL}?{query}").json()["results"]) == count


def test_members_ask(asked):
    user = UserFactory()
    response = client_of(user).post(URL, asked, content_type="application/json")
    case = Question.objects.get()
    assert response.status_code == 201
    assert response.json() == {"number": case.number, "url": f"http://testserver/en/questions/{case.number}/"}
    assert (case.asker, case.visibility, case.consented_at) == (user, "private", None)
    assert [country.iso3 for country in case.countries.all()] == ["SEN"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"themes": []}, "themes"),
        ({"language": "tlh"}, "language"),
        ({"visibility": "public"}, "consent"),
    ],
)
def test_a_wrong_question_is_told(asked, wrong, field):
    response = client_of(UserFactory()).post(URL, {**asked, **wrong}, content_type="application/json")
    assert response.status_code == 400 and list(response.json()) == [field]
    assert not Question.objects.exists()


def test_the_limit_is_the_same_as_for_the_form(asked):
    asker = client_of(UserFactory())
    codes = [asker.post(URL, asked, content_type="application/json").status_code for _ in range(6)]
    assert codes == [201] * 5 + [429]


def test_visitors_do_not_ask_and_nobody_changes(client, asked, member_client):
    number = published().question.number
    before = Question.objects.count()
    assert client.post(URL, asked, content_type="application/json").status_code == 403
    for call in (member_client.put, member_client.patch, member_client.delete):
        assert call(f"{URL}{number}/", {"status": "closed"}, content_type="application/json").status_code == 405
    assert Question.objects.count() == before


def test_it_takes_few_statements_and_unchanged_answers_are_not_sent_again(client, django_assert_max_num_queries):
    for _ in range(10):
        published()
    with django_assert_max_num_queries(8):
        first = client.get(URL)
    assert len(first.json()["results"]) == 10
    assert client.get(URL, headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_the_schema_tells_of_it(client):
    schema = client.get("/api/v1/schema/?format=json").json()
    assert set(schema["paths"]["/api/v1/questions/"]) == {"get", "post"}
    assert "Edition" in str(schema["paths"]) + str(schema["components"])
