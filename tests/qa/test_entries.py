"""Questions as entries, citations as rows and links, and that nothing private gets out."""

import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.entries import registry
from experts.models import ExpertProfile
from links.models import Link, Name
from notifications.models import Delivery
from notifications.sending import send_pending
from qa.citations import Token, parse, resolve
from qa.models import Answer, AnswerVersion, Citation, Question, QuestionText, Snapshot
from qa.rendering import plain, render
from qa.services import add_comment, assign, hide, post_answer, publish, unpublish
from sync.models import Document
from taxonomy.models import Country, Theme
from tests.conftest import client_of
from tests.factories import UserFactory
from tests.library.factories import resource, senegal, theme
from tests.qa.factories import answered, editor, expert, posted, published, question

pytestmark = pytest.mark.django_db
CANARY = "zyxwcanary"


def documents(case: Question) -> dict[str, str]:
    return dict(Document.objects.filter(key=case.key, gone=False).values_list("id", "title"))


# --- Entries ---------------------------------------------------------------------------------------------------------
def test_a_private_question_is_in_no_index(drained):
    case = question()
    answered(case)
    drained()
    assert documents(case) == {}


def test_an_open_question_is_in_no_index(drained):
    case = question(visibility="members")
    drained()
    assert documents(case) == {}


def test_a_members_question_is_in_the_members_index_once_answered(drained):
    case = question(visibility="members")
    answered(case)
    drained()
    title = "Who pays maternity benefits?"
    assert documents(case) == {f"{who}:question:{case.pk}:en": title for who in ("members", "staff")}


def test_a_snapshot_is_public_and_members_find_the_whole_case(drained):
    case = published(title="Redacted", text="The fund pays.").question
    drained()
    assert documents(case) == {
        f"public:question:{case.pk}:en": "Redacted",
        f"members:question:{case.pk}:en": "Who pays maternity benefits?",
        f"staff:question:{case.pk}:en": "Who pays maternity benefits?",
    }


def test_a_private_case_with_a_snapshot_is_the_snapshot_for_all(drained):
    case = published(question(consent=True), title="Redacted").question
    drained()
    assert set(documents(case).values()) == {"Redacted"} and len(documents(case)) == 3


@pytest.mark.parametrize("moderation", ["held", "hidden", "removed"])
def test_what_is_not_clear_is_in_no_index(drained, moderation):
    case = published().question
    drained()
    assert len(documents(case)) == 3
    Question.objects.filter(pk=case.pk).update(moderation=moderation)
    drained()
    assert documents(case) == {}


def test_services_take_it_away(drained):
    first, second = published().question, published().question
    hide(actor=editor(), question=first)
    unpublish(actor=editor(), question=second)
    drained()
    assert documents(first) == {}
    assert set(documents(second)) == {f"{who}:question:{second.pk}:en" for who in ("members", "staff")}


CHANGES = [
    lambda case: Snapshot.objects.filter(question=case).update(title="Other"),
    lambda case: QuestionText.objects.filter(question=case).update(title="Other"),
    lambda case: AnswerVersion.objects.filter(answer__question=case).update(body_md="Other"),
    lambda case: Answer.objects.filter(question=case).delete() if not Snapshot.objects.all().delete() else None,
    lambda case: Question.themes.through.objects.all().delete(),
    lambda case: Question.countries.through.objects.all().delete(),
    lambda case: Theme.objects.filter(slug="branches").update(slug="risks"),
    lambda case: Country.objects.update(iso3="SNX"),
    lambda case: Question.objects.filter(pk=case.pk).update(visibility="private"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_reaches_the_documents(drained, change):
    case = question(
        visibility="public", consent=True, themes=[theme("maternity", theme("branches"))], countries=[senegal()]
    )
    published(case)
    drained()
    before = set(Document.objects.filter(key=case.key, gone=False).values_list("id", "hash"))
    change(case)
    drained()
    assert set(Document.objects.filter(key=case.key, gone=False).values_list("id", "hash")) != before


def test_what_is_cited_is_linked(drained):
    cited, also = resource(), senegal()
    case = published(text=f"[[resource:{cited.number}]] in [[country:SEN]]").question
    drained()
    links = Link.objects.filter(source=case.key, how="reference", audience="public")
    assert set(links.values_list("target", flat=True)) == {f"resource:{cited.pk}", f"country:{also.pk}"}
    Citation.objects.filter(snapshot__question=case, kind="country").delete()
    drained()
    assert links.count() == 1


# --- Citations -------------------------------------------------------------------------------------------------------
WORDS = st.text(alphabet="abc ÀÉ.,\n'*_-", max_size=12)
TOKENS = st.sampled_from(
    ["[[resource:{}]]", "[[resource:{}|a label]]", "[[country:SEN]]", "[[theme:maternity|Mutter & Kind]]"]
)
SIMPLE = re.compile(r"\[\[(\w+):([\w-]+)(?:\|([^\]]+))?\]\]")


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(WORDS, TOKENS), max_size=6), WORDS)
def test_rows_are_the_tokens_of_the_text(pieces, end):
    cited = resource()
    senegal(), theme("maternity")
    text = "".join(f"{words.strip()} {token.format(cited.number)} " for words, token in pieces) + end.strip()
    text = re.sub(r"(?m)^[ \t]+", "", text) or "x"
    case = question(UserFactory(), visibility="members")
    version = post_answer(author=editor(), question=case, text=text)
    rows = list(version.citations.values_list("position", "kind", "code", "label"))
    written = [(m[1], m[2], m[3] or "") for m in SIMPLE.finditer(text)]
    assert [row[1:] for row in rows] == written and [row[0] for row in rows] == list(range(1, len(rows) + 1))
    for kind, code, label in written:
        assert resolve([Token(kind, code, label)])
    assert "[[" not in plain(text) and "[[" not in render(text, {}).html


@pytest.mark.parametrize(
    "text", ["`[[resource:1]]`", "```\n[[resource:1]]\n```", "[[resource]]", "[[resource:1|a|b]]", "\\[[resource:1]]"]
)
def test_what_is_no_token(text):
    assert parse(text) == []


@pytest.mark.parametrize(
    "lost", ["[[resource:4711]]", "[[poem:1]]", "[[country:XXX]]", "[[theme:x]]", "[[resource:01]]"]
)
def test_a_token_that_names_nothing_is_named(lost):
    with pytest.raises(ValidationError) as error:
        resolve(parse(f"See {lost} and {lost}."))
    assert error.value.messages[0].count(lost) == 1


def test_a_public_text_cites_only_what_is_public():
    draft = resource(live=False)
    with pytest.raises(ValidationError):
        resolve(parse(f"[[resource:{draft.number}]]"))


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](https://example.org/x.png)",
        "<img src=x onerror=alert(1)>", "[[resource:1|<b onclick=x>]]", "[x](data:text/html,x)", "# Big",
    ],
)  # fmt: skip
def test_html_is_harmless(text):
    html = render(text, {}).html
    assert not re.search(r"<(?!/?(p|a|em|strong|ul|ol|li|code|pre|blockquote|hr|br)\b)", html)
    assert not re.search(r"(?i)<[^>]*(on\w+=|javascript:|data:)", html)


# --- Nothing private gets out ----------------------------------------------------------------------------------------
def test_the_canary_sings_nowhere(client, member_client, drained, mailoutbox):
    asker = UserFactory(first_name="Awa", last_name=f"{CANARY}name")
    case = question(asker, title=f"{CANARY} title?", body=f"{CANARY} body", consent=True, themes=[theme("maternity")])
    specialist, staff = expert(), editor()
    assign(actor=staff, question=case, expert=specialist)
    version = posted(case, f"{CANARY} answer", specialist)
    add_comment(author=asker, question=case, body=f"{CANARY} comment")
    publish(actor=staff, version=version, title="Redacted?", body="Nothing.", answer="Clean.", answered_by="An expert")
    other = question(UserFactory(), title=f"{CANARY} other?", body=f"{CANARY} other")
    answered(other, f"{CANARY} other answer")
    drained()
    while send_pending():
        pass
    assert len(mailoutbox) == Delivery.objects.count() > 3
    assert all(CANARY not in f"{mail.subject}{mail.body}" for mail in mailoutbox)
    for table in (Document, Name, Link):
        assert CANARY not in str(list(table.objects.values()))
    pages = [
        "/en/questions/", case.get_absolute_url(), f"{case.get_absolute_url()}?language=en", "/en/themes/maternity/",
        "/en/", f"/en/search/?q={CANARY}+title", "/api/v1/questions/", f"/api/v1/questions/{case.number}/",
        f"/api/v1/search/?q={CANARY}",
    ]  # fmt: skip
    for reader in (client, member_client):
        for page in pages:
            response = reader.get(page)
            shown = (
                response.content.decode().replace(f"{CANARY} title", "", 2)
                if "q=" in page
                else response.content.decode()
            )
            assert response.status_code == 200
            assert f"{CANARY} body" not in shown and "answer" not in re.findall(rf"{CANARY} (\w+)", shown)
            assert "q=" in page or CANARY not in shown, page
        assert reader.get(other.get_absolute_url()).status_code == 404
        assert reader.get(f"/api/v1/questions/{other.number}/").status_code == 404
    assert f"{CANARY} answer" in client_of(asker).get(case.get_absolute_url()).content.decode()


def test_rows_take_few_statements_whatever_their_number(django_assert_max_num_queries):
    pks = [published(title=f"Question {n}?").question.pk for n in range(6)]
    source = registry["question"]
    with django_assert_max_num_queries(10):
        assert len([entry for row in source.rows(pks) for entry in source.entries(row)]) == 12


def test_who_answered_is_linked_to_the_answer(client, drained):
    author = expert()
    profile = ExpertProfile.objects.create(name="Aminata Diop", user=author)
    case = question(visibility="public", consent=True)
    version = posted(case, "The fund pays.", author)
    snapshot = publish(actor=editor(), version=version, title="T?", body="", answer="The fund pays.")
    drained()
    links = Link.objects.filter(source=case.key, how="answered", target=f"expert:{profile.pk}")
    assert set(links.values_list("audience", flat=True)) == {"public", "members"}
    assert snapshot.answered_by == "Aminata Diop"
    publish(actor=editor(), version=version, title="T?", body="", answer="The fund pays.", answered_by="GESS experts")
    drained()
    assert set(links.values_list("audience", flat=True)) == {"members"}
    ExpertProfile.objects.filter(pk=profile.pk).update(user=None)
    drained()
    assert not links.exists()
