"""Questions for tests, made by the services as users make them, with only what a test does not say filled in."""

from typing import Any

from accounts.models import User
from qa.choices import Visibility
from qa.models import AnswerVersion, Question, Snapshot
from qa.services import clear_answer, post_answer, publish, submit_question
from tests.factories import UserFactory
from tests.library.factories import theme


def expert() -> User:
    return UserFactory(groups=["Experts"], first_name="Aminata", last_name="Diop")


def editor() -> User:
    return UserFactory(groups=["Editors"])


def question(asker: User | None = None, **fields: Any) -> Question:
    """Return a question that was sent: private, without consent."""
    given = {
        "title": "Who pays maternity benefits?",
        "body": "Our law is new.",
        "language": "en",
        "visibility": Visibility.PRIVATE,
        "themes": [theme("maternity")],
        **fields,
    }
    return submit_question(asker=asker or UserFactory(), **given)


def posted(case: Question, text: str = "The fund pays.", author: User | None = None, **fields: Any) -> AnswerVersion:
    """Return an answer that waits for the editors; an editor asks the expert first where the case is private."""
    author = author or editor()
    return post_answer(author=author, question=case, text=text, **fields)


def answered(case: Question, text: str = "The fund pays.") -> AnswerVersion:
    """Return an answer that an editor has cleared."""
    version = posted(case, text)
    clear_answer(actor=editor(), version=version)
    version.refresh_from_db()
    case.refresh_from_db()
    return version


def published(case: Question | None = None, text: str = "The fund pays.", **fields: Any) -> Snapshot:
    """Return the public edition of a question, by default of one that its asker shows to everybody."""
    case = case or question(visibility=Visibility.PUBLIC, consent=True)
    version = posted(case, text)
    given = {"title": "Who pays maternity benefits?", "body": "A law is new.", "answer": text, **fields}
    snapshot = publish(actor=editor(), version=version, **given)
    case.refresh_from_db()
    return snapshot
