"""`/api/v1/resources/`: the same resources and filters as the pages, for machines."""

import pytest

from library.models import Resource
from tests.library.factories import organisation, resource, senegal, theme

pytestmark = pytest.mark.django_db
URL = "/api/v1/resources/"


def numbers(response) -> list[int]:
    return [each["number"] for each in response.json()["results"]]


def test_a_resource_by_number(client):
    made = resource(
        "Pensions", issuers=["ILO"], identifiers={"isbn": "92-2-112080-5"}, date="2015-03", themes=[theme("old-age")],
        countries=[senegal()], url="https://example.org/pensions", seen_at="https://mirror.example.org/",
    )  # fmt: skip
    other = resource("Les pensions", language="fr", work=made.work)
    hidden = resource("Pensiones", language="es", work=made.work, live=False)
    found = client.get(f"{URL}{made.number}/").json()
    assert found["url"] == f"http://testserver/en/library/{made.number}/"
    assert found["permanent_url"] == f"http://testserver/id/resource/{made.number}"
    assert found["address"] == "https://example.org/pensions"
    assert (found["type"], found["date"], found["year"]) == ("report", "2015-03", 2015)
    assert (found["themes"], found["countries"]) == (["old-age"], ["SEN"])
    ilo = {"role": "issuer", "name": "ILO", "kind": "organisation", "agent": organisation("ILO").pk}
    assert found["contributions"] == [ilo]
    assert found["identifiers"] == [{"scheme": "isbn", "value": "92-2-112080-5", "normalised": "isbn:9789221120803"}]
    assert [edition["number"] for edition in found["editions"]] == [other.number]
    assert hidden.title not in str(found) and "mirror" not in str(found)


def test_a_draft_is_not_there(client, member_client, editor_client):
    draft = resource(live=False)
    assert numbers(editor_client.get(URL)) == [draft.number]
    for reader in (client, member_client):
        assert reader.get(f"{URL}{draft.number}/").status_code == 404
        assert numbers(reader.get(URL)) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [1, 2, 3]),
        ("type=book", [2]),
        ("type=book&type=report", [1, 2, 3]),
        ("theme=branches", [1]),
        ("country=sen", [1]),
        ("language=fr&language=es", [3]),
        ("year=2010-", [1]),
        ("year=2015&type=book", []),
    ],
)
def test_filters(client, query, found):
    resource(number=1, date="2015", themes=[theme("old-age", theme("branches"))], countries=[senegal()])
    resource(number=2, type="book")
    resource(number=3, language="fr")
    assert numbers(client.get(f"{URL}?{query}")) == found


def test_an_agents_resources(client):
    made = resource(publishers=["ILO"])
    resource(publishers=["FAO"])
    assert numbers(client.get(f"{URL}?agent={organisation('ILO').pk}")) == [made.number]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("type=poem", "Use one of actuarial-report"),
        ("year=20", "Write years as 2015, 2010-2019"),
        ("agent=x", "Enter a number"),
        ("agent=99999999999999999999", "less than or equal"),
        ("cursor=x", "Invalid cursor"),
    ],
)
def test_a_wrong_question_is_told(client, query, told):
    response = client.get(f"{URL}?{query}")
    assert response.status_code in (400, 404) and told in response.content.decode()


def test_cursors_visit_every_resource_once(client):
    made = [resource().number for _ in range(25)]
    seen, address = [], f"{URL}?page_size=10"
    while address:
        response = client.get(address)
        seen += numbers(response)
        Resource.objects.filter(number=made[0]).delete()
        address = response.json()["next"]
    assert seen == made


def test_an_unchanged_answer_is_not_sent_again(client):
    made = resource()
    first = client.get(f"{URL}{made.number}/")
    again = client.get(f"{URL}{made.number}/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Resource.objects.update(title="Changed")
    assert client.get(f"{URL}{made.number}/", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_it_is_read_only_and_takes_few_statements(client, admin_client, django_assert_max_num_queries):
    for _ in range(20):
        resource(issuers=["ILO"], themes=[theme("old-age")], identifiers={})
    assert admin_client.post(URL, {"title": "x"}).status_code == 405
    with django_assert_max_num_queries(8):
        assert len(numbers(client.get(URL))) == 20
