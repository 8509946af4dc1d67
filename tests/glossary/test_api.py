"""`/api/v1/terms/`: what programs read."""

import pytest

from glossary.models import Collection
from tests.glossary.factories import concept, pension, section, word
from tests.library.factories import senegal, theme

pytestmark = pytest.mark.django_db
LIST = "/api/v1/terms/"


def numbers(client, query: str = "") -> list[int]:
    return [row["number"] for row in client.get(f"{LIST}?{query}").json()["results"]]


def test_one_concept(client):
    broader = concept("benefit")
    hidden = concept("hidden", draft=True)
    made = concept(
        section("en", word("pension", ["pensions"], region="GB", qualifier="old age"), note="A note."),
        section("fr", "pension", state="draft"),
        broader=[broader], related=[hidden], themes=[theme("old-age")], countries=[senegal()],
    )  # fmt: skip
    data = client.get(f"{LIST}{made.number}/").json()
    assert data["number"] == made.number and data["status"] == "validated"
    assert data["url"] == f"http://testserver/en/glossary/pension-{made.number}/"
    assert data["permanent_url"] == f"http://testserver/id/glossary/c/{made.number}"
    assert data["relations"] == [{"kind": "broader_generic", "concept": broader.number}]
    assert (data["themes"], data["countries"]) == (["old-age"], ["SEN"])
    (english,) = data["sections"]
    assert (english["language"], english["note"]) == ("en", "A note.")
    (designation,) = english["designations"]
    assert designation["text"] == "pension" and designation["forms"] == ["pensions"] and designation["region"] == "GB"


def test_filters(client):
    funds = Collection.objects.create(slug="funds", name_en="Funds", name_fr="Fonds", name_es="Fondos")
    first = pension(themes=[theme("old-age", theme("branches"))])
    second = concept("fund", collections=[funds])
    assert numbers(client) == [first.number, second.number]
    assert numbers(client, "q=PENSION") == [first.number] and numbers(client, "q=vejez") == [first.number]
    assert numbers(client, "q=vejez&lang=en") == [] and numbers(client, "lang=fr") == [first.number]
    assert numbers(client, "collection=funds") == [second.number]
    assert numbers(client, "theme=branches") == [first.number]
    assert client.get(f"{LIST}?lang=xx").status_code == 400


def test_pages_by_cursor(client):
    made = [concept(f"term {number}").number for number in range(5)]
    first = client.get(f"{LIST}?page_size=3").json()
    rest = client.get(first["next"]).json()
    assert [row["number"] for row in first["results"] + rest["results"]] == made


def test_answers_are_conditional_and_take_few_statements(client, django_assert_max_num_queries):
    for number in range(10):
        concept(f"term {number}", themes=[theme("old-age")], countries=[senegal()])
    with django_assert_max_num_queries(8):
        answer = client.get(LIST)
    assert client.get(LIST, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    with django_assert_max_num_queries(8):
        client.get(f"{LIST}1/")


def test_nothing_can_be_written(client, admin_client):
    made = concept("pension")
    for method in ("post", "put", "patch", "delete"):
        assert getattr(admin_client, method)(f"{LIST}{made.number}/").status_code in (403, 405)
    assert client.get(f"{LIST}{made.number + 1}/").status_code == 404
