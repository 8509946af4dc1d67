"""The pages of questions, as visitors, members, experts and editors use them."""

import pytest
from allauth.account.models import EmailAddress

from notifications.models import Delivery
from notifications.sending import send_pending
from qa.models import Question
from tests.conftest import client_of
from tests.factories import PASSWORD, UserFactory
from tests.library.factories import resource, senegal, theme
from tests.qa.factories import answered, editor, expert, posted, published, question

pytestmark = pytest.mark.django_db
MOST = 8  # statements of a page for a visitor
ASK = "/en/questions/ask/"


@pytest.fixture
def form() -> dict[str, str]:
    theme("maternity", theme("branches"))
    senegal()
    return {
        "title": "Who pays maternity benefits for domestic workers?", "body": "Our labour code is new.",
        "language": "en", "theme": "maternity", "country": "SEN", "visibility": "private", "consent": "on",
    }  # fmt: skip


def titles(response) -> list[str]:
    return [item.title for item in response.context["items"]]


# --- From the question to the public answer --------------------------------------------------------------------------
def test_ask_answer_publish_found(form, client, drained, mailoutbox):
    asker, specialist, staff = UserFactory(), expert(), editor()
    cited = resource("Maternity cash benefits")
    response = client_of(asker).post(ASK, {**form, "seen": "1"})
    case = Question.objects.get()
    page = f"/en/questions/{case.number}/"
    assert response.status_code == 302 and response["Location"] == page
    assert client.get(page).status_code == 404 == client_of(specialist).get(page).status_code

    desk = client_of(staff)
    assert form["title"] in desk.get("/en/questions/mine/").content.decode()
    desk.post(f"{page}assign/", {"expert": specialist.pk, "lock_version": case.lock_version})
    work = client_of(specialist)
    assert form["title"] in work.get("/en/questions/mine/").content.decode()
    case.refresh_from_db()
    text = f"Three patterns recur, see [[resource:{cited.number}]]. Ms Ba asked."
    assert work.post(f"{page}answer/", {"text": text, "lock_version": case.lock_version}).status_code == 302

    version = case.answers.get().versions.get()
    check = f"{page}answers/{version.pk}/"
    shown = desk.get(check)
    assert shown.context["form"].initial["answer"] == text and shown.context["may_publish"]
    case.refresh_from_db()
    redacted = {
        "do": "publish", "title": "Who pays for domestic workers?", "body": "A code is new.",
        "answer": text.replace(" Ms Ba asked.", ""), "answered_by": "Aminata Diop", "lock_version": case.lock_version,
    }  # fmt: skip
    assert desk.post(check, redacted).status_code == 302

    send_pending()
    told = [mail for mail in mailoutbox if mail.to == [asker.email]]
    assert len(told) == 1 and page in told[0].body
    drained()
    public = client.get(page)
    content = public.content.decode()
    assert "Who pays for domestic workers?" in content and "Aminata Diop" in content
    assert f'href="/en/library/{cited.number}/"' in content and "Sources of this answer" in content
    assert "Our labour code" not in content and "Ms Ba" not in content
    assert titles(client.get("/en/search/?q=domestic+workers")) == ["Who pays for domestic workers?"]
    assert titles(client.get("/en/questions/")) == ["Who pays for domestic workers?"]
    record = client.get(f"/en/library/{cited.number}/").context["related"]
    assert [[item.title for item in items] for heading, items, *_ in record if heading == "Questions"] == [
        ["Who pays for domestic workers?"]
    ]


# --- Asking ----------------------------------------------------------------------------------------------------------
def test_what_a_visitor_wrote_is_there_after_signing_in(form, client):
    user = UserFactory()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    response = client.post(ASK, {**form, "body": "A text of mine", "title": ""})
    assert response["Location"] == f"/accounts/login/?next={ASK}"
    assert not Question.objects.exists()
    signed_in = client.post(response["Location"], {"login": user.email, "password": PASSWORD, "next": ASK})
    assert signed_in.status_code == 302
    page = client.get(ASK)
    assert page.context["user"] == user
    content = page.content.decode()
    assert "A text of mine" in content and '<option value="maternity" selected>' in content
    assert '<option value="SEN" selected>' in content and "Your text was kept." in content
    client.post(ASK, {**form, "seen": "1"})
    assert Question.objects.get().asker == user
    assert "A text of mine" not in client.get(ASK).content.decode()


def test_what_is_known_is_shown_before_sending(form, drained):
    published(title="Domestic workers: who pays?")
    before = Question.objects.count()
    drained()
    asker = client_of(UserFactory())
    response = asker.post(ASK, form)
    assert [item.title for item in response.context["known"] if item.kind == "question"] == [
        "Who pays maternity benefits?"
    ]
    content = response.content.decode()
    assert Question.objects.count() == before
    assert "Look here first" in content and "Our labour code is new." in content
    assert 'name="seen" value="1"' in content
    assert asker.post(ASK, {**form, "seen": "1"}).status_code == 302
    assert Question.objects.count() == before + 1


def test_nothing_known_is_no_step(form):
    assert client_of(UserFactory()).post(ASK, form).status_code == 302
    assert Question.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"theme": "nothing"}, "theme"),
        ({"visibility": "all"}, "visibility"),
        ({"visibility": "public", "consent": ""}, "consent"),
        ({"language": "xx"}, "language"),
    ],
)
def test_an_error_keeps_what_was_written(form, wrong, field):
    response = client_of(UserFactory()).post(ASK, {**form, **wrong, "seen": "1"})
    assert response.status_code == 422 and list(response.context["form"].errors) == [field]
    assert "Our labour code is new." in response.content.decode()
    assert not Question.objects.exists()


def test_the_limit_gives_the_text_back(form):
    asker = client_of(UserFactory())
    for _ in range(5):
        assert asker.post(ASK, {**form, "seen": "1"}).status_code == 302
    response = asker.post(ASK, {**form, "body": "The sixth of today", "seen": "1"})
    assert response.status_code == 429
    assert "The sixth of today" in response.content.decode() and "send it tomorrow" in response.content.decode()
    assert Question.objects.count() == 5


# --- Who sees what ---------------------------------------------------------------------------------------------------
def test_a_private_question_is_not_there_for_others(client, member_client):
    case = question()
    answered(case, "A canary sings.")
    page = case.get_absolute_url()
    for reader in (client, member_client, client_of(expert())):
        assert reader.get(page).status_code == 404
        assert titles(reader.get("/en/questions/")) == []
    assert "A canary sings." in client_of(case.asker).get(page).content.decode()
    assert "A canary sings." in client_of(editor()).get(page).content.decode()


def test_members_read_a_members_question_visitors_do_not(client, member_client):
    case = question(visibility="members")
    answered(case)
    assert client.get(case.get_absolute_url()).status_code == 404
    assert "The fund pays." in member_client.get(case.get_absolute_url()).content.decode()


def test_an_answer_in_the_making_is_for_its_author_and_the_editors():
    case = question(visibility="members")
    author = expert()
    posted(case, "Not yet checked.", author=author)
    page = case.get_absolute_url()
    assert "Not yet checked." in client_of(author).get(page).content.decode()
    assert "Not yet checked." in client_of(editor()).get(page).content.decode()
    assert "Not yet checked." not in client_of(case.asker).get(page).content.decode()
    assert "Not yet checked." not in client_of(expert()).get(page).content.decode()


@pytest.mark.parametrize("path", ["comment", "answer", "assign", "hide", "restore", "unpublish", "withdraw", "agree"])
def test_who_may_not_is_not_told_that_it_is_there(client, member_client, path):
    case = question()
    address = f"{case.get_absolute_url()}{path}/"
    assert member_client.post(address, {"body": "x", "text": "x"}).status_code == 404
    assert client.post(address).status_code == 302  # to the log-in
    assert member_client.get(address).status_code == 405


def test_there_is_no_question_of_another_number(client):
    for number in ("1", "0", "01", "9999999999", "x"):
        assert client.get(f"/en/questions/{number}/").status_code == 404


# --- Working ---------------------------------------------------------------------------------------------------------
def test_an_unknown_citation_is_named_and_the_answer_kept():
    case = question(visibility="members")
    response = client_of(expert()).post(
        f"{case.get_absolute_url()}answer/",
        {"text": "See [[resource:4711]] and [[poem:1]].", "lock_version": case.lock_version},
    )
    content = response.content.decode()
    assert response.status_code == 422
    assert "[[resource:4711]], [[poem:1]]" in content and "See [[resource:4711]] and [[poem:1]]." in content


def test_a_stale_form_gives_the_text_back_and_can_be_sent_again():
    case = question(visibility="members")
    page = case.get_absolute_url()
    author, stale = client_of(expert()), case.lock_version
    posted(case)
    response = author.post(f"{page}answer/", {"text": "Mine too.", "lock_version": stale})
    assert response.status_code == 409 and "Mine too." in response.content.decode()
    again = response.context["answer_form"]["lock_version"].value()
    assert author.post(f"{page}answer/", {"text": "Mine too.", "lock_version": again}).status_code == 302


def test_nobody_checks_his_own_answer():
    staff = editor()
    case = question(visibility="members")
    version = posted(case, author=staff)
    check = f"{case.get_absolute_url()}answers/{version.pk}/"
    assert client_of(staff).get(check).status_code == 404
    assert client_of(editor()).get(check).status_code == 200
    assert client_of(expert()).get(check).status_code == 404


def test_an_answer_is_returned_with_a_reason():
    case = question(visibility="members")
    author = expert()
    version = posted(case, author=author)
    desk = client_of(editor())
    check = f"{case.get_absolute_url()}answers/{version.pk}/"
    assert desk.post(check, {"do": "return", "reason": ""}).status_code == 422
    assert desk.post(check, {"do": "return", "reason": "Cite the law."}).status_code == 302
    assert "Cite the law." in client_of(author).get(case.get_absolute_url()).content.decode()
    assert Delivery.objects.filter(user=author, message="answer-returned").count() == 1


def test_comments_stand_apart_and_are_signed_with_a_name(client):
    snapshot = published()
    page = snapshot.question.get_absolute_url()
    writer = UserFactory(first_name="Rui", last_name="Lima")
    response = client_of(writer).post(f"{page}comment/", {"body": "It worked <b>here</b>.", "audience": "case"})
    assert response["Location"] == f"{page}#comments"
    content = client.get(page).content.decode()
    assert "Rui Lima" in content and "It worked &lt;b&gt;here&lt;/b&gt;." in content
    assert writer.email not in content and "Sign in to comment" in content
    comment = snapshot.question.comments.get()
    client_of(editor()).post(f"{page}comments/{comment.pk}/", {"hide": ""})
    assert "It worked" not in client.get(page).content.decode()


def test_a_members_comment_for_experts_only_is_refused():
    case = question(visibility="members")
    response = client_of(UserFactory()).post(
        f"{case.get_absolute_url()}comment/", {"body": "x", "audience": "internal"}
    )
    assert response.status_code == 422 and not case.comments.exists()


def test_hiding_takes_all_forms_away_and_restoring_brings_them_back(client, drained):
    case = published().question
    desk = client_of(editor())
    page = case.get_absolute_url()
    desk.post(f"{page}hide/")
    drained()
    assert client.get(page).status_code == 404 and titles(client.get("/en/questions/")) == []
    desk.post(f"{page}restore/")
    assert client.get(page).status_code == 200


def test_consent_taken_back_unpublishes_at_once(client):
    case = published(question(visibility="private", consent=True)).question
    page = case.get_absolute_url()
    assert client.get(page).status_code == 200
    client_of(case.asker).post(f"{page}disagree/")
    assert client.get(page).status_code == 404


# --- The list --------------------------------------------------------------------------------------------------------
def test_filters_and_their_counts(client, member_client):
    theme("maternity", theme("branches"))
    first = published(question(visibility="public", consent=True, countries=[senegal()])).question
    question(visibility="members", language="fr", themes=[theme("old-age")], title="Qui paie ?")
    question(title="Private")
    for query, shown in [("", 1), ("theme=branches", 1), ("country=sen", 1), ("language=en", 1), ("language=fr", 0),
                         ("state=open", 0), ("state=answered&theme=maternity", 1), ("state=x", 0)]:  # fmt: skip
        response = client.get(f"/en/questions/?{query}")
        assert len(titles(response)) == response.context["count"] == shown, query
    response = member_client.get("/en/questions/")
    found = {f["name"]: {o["value"]: o["count"] for o in f["options"]} for f in response.context["facets"]}
    assert found["state"] == {"answered": 1, "open": 1} and found["language"] == {"en": 1, "fr": 1}
    assert found["theme"] == {"maternity": 1, "branches": 1, "old-age": 1} and found["country"] == {"SEN": 1}
    assert titles(member_client.get("/en/questions/?state=open")) == ["Qui paie ?"]
    assert titles(response) and first.number


def test_pages_visit_every_question_once(client):
    made = [published(title=f"Question {n}?").question.number for n in range(23)]
    seen, address = [], "/en/questions/"
    while address:
        response = client.get(address)
        seen += [int(item.url.split("/")[-2]) for item in response.context["items"]]
        address = response.context["next_url"] and f"/en/questions/{response.context['next_url']}"
    assert seen == made[::-1]


def test_pages_take_few_statements(client, drained, django_assert_max_num_queries):
    cited = [resource(f"Report {n}") for n in range(5)]
    text = " ".join(f"[[resource:{each.number}]]" for each in cited)
    cases = [published(text=text).question for _ in range(12)]
    drained()
    client.get("/en/questions/")
    for path in ("/en/questions/", cases[3].get_absolute_url(), "/fr/questions/?theme=maternity&state=answered"):
        with django_assert_max_num_queries(MOST):
            response = client.get(path)
        assert response.status_code == 200
    assert len(client.get(cases[3].get_absolute_url()).context["same_topic"]) == 5


def test_the_office_is_named_in_the_readers_language(client):
    snapshot = published()
    Question.objects.filter(pk=snapshot.question_id).update(asked_by="GESS editors", constituent_group="")
    type(snapshot).objects.filter(pk=snapshot.pk).update(answered_by="GESS editors")
    page = client.get(snapshot.question.get_absolute_url().replace("/en/", "/fr/")).content.decode()
    assert "GESS editors" not in page and page.count("la rédaction de GESS") >= 2
