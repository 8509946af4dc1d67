"""`/api/v1/experts/`: the same people, filters and limits as the pages, for machines."""

import pytest

from experts.choices import Level, Mastery, State
from experts.models import Education, Expertise
from tests.experts.factories import assignment, expert, sample, senegal, theme
from tests.experts.test_pages import skill

pytestmark = pytest.mark.django_db
URL = "/api/v1/experts/"


def names(response) -> list[str]:
    return [each["name"] for each in response.json()["results"]]


def test_an_expert_by_public_number(client):
    maternity = theme("maternity")
    made = sample(
        "Rula",
        headline="Maternity",
        expertise=[Expertise(term="term:7", mastery=Mastery.EXPERT, years=3, evidence=["assignment:1"])],
        assignments=[assignment(countries=[senegal().iso3], topics=[f"theme:{maternity.pk}", "term:7"])],
        languages=[skill("en", "C1")],
    )
    found = client.get(f"{URL}{made.public_id}/").json()
    assert found["url"] == f"http://testserver/en/experts/{made.slug}/" and found["sample"] is True
    assert found["texts"] == [{"language": "en", "headline": "Maternity", "summary": ""}]
    assert found["assignments"][0]["topics"] == [f"theme:{maternity.pk}", "term:7"]
    assert found["expertise"] == [
        {"term": "term:7", "topic": "", "level": "expert", "years": 3, "last_used": None, "evidence": ["assignment:1"]}
    ]
    assert found["languages"][0]["overall"] == "C1" and found["countries"] == ["SEN"]
    assert not {"id", "pk", "user", "email", "consents", "state"} & set(found)


def test_levels_decide(client, member_client):
    made = expert(own_levels={"education": Level.REGISTERED}, education=[Education(degree="Diploma")])
    hidden = expert(level=Level.REGISTERED)
    assert client.get(f"{URL}{made.public_id}/").json()["education"] == []
    assert member_client.get(f"{URL}{made.public_id}/").json()["education"][0]["degree"] == "Diploma"
    assert client.get(f"{URL}{hidden.public_id}/").status_code == 404
    assert names(client.get(URL)) == [made.name] and len(names(member_client.get(URL))) == 2


def test_what_is_not_approved_is_not_there(client, member_client):
    for state in State:
        made = expert(state=state)
        status = 200 if state == State.APPROVED else 404
        for reader in (client, member_client):
            assert reader.get(f"{URL}{made.public_id}/").status_code == status
    assert len(names(client.get(URL))) == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [("", ["Awa", "Zoé"]), ("theme=branches", ["Awa"]), ("country=SEN", ["Awa"]), ("region=americas", []),
     ("language=fr&level=B1", ["Awa"]), ("language=fr&level=A1", ["Awa", "Zoé"])],
)  # fmt: skip
def test_filters(client, query, found):
    maternity = theme("maternity", theme("branches"))
    work = [assignment(countries=[senegal().iso3], topics=[f"theme:{maternity.pk}"])]
    expert("Awa", assignments=work, languages=[skill("fr")])
    expert("Zoé", languages=[skill("fr", "A2")])
    assert names(client.get(f"{URL}?{query}")) == found


@pytest.mark.parametrize("address", [f"{URL}1/", f"{URL}6f0d2c0e-0000-4000-8000-000000000000/", f"{URL}x/"])
def test_unknown_numbers(client, address):
    assert client.get(address).status_code == 404


def test_an_unknown_level_is_told(client):
    response = client.get(f"{URL}?level=fluent")
    assert response.status_code == 400 and "Use one of A1, A2" in response.content.decode()


def test_it_is_read_only_and_takes_few_statements(client, admin_client, drained, django_assert_max_num_queries):
    for _ in range(20):
        made = expert(languages=[skill("en", "C1")], education=[Education(degree="MSc")])
    assert admin_client.post(URL, {"name": "x"}).status_code == 405
    drained()
    with django_assert_max_num_queries(8):
        assert len(names(client.get(URL))) == 20
    with django_assert_max_num_queries(8):
        assert client.get(f"{URL}{made.public_id}/").status_code == 200


def test_pages_by_cursor(client):
    made = {expert().name for _ in range(5)}
    seen, address = [], f"{URL}?page_size=2"
    while address:
        response = client.get(address)
        seen += names(response)
        address = response.json()["next"]
    assert len(seen) == 5 and set(seen) == made
