"""What the pages of questions tell machines: https://schema.org/QAPage."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from core.metadata import Metadata, canonical_address, graph, interface_page, locale_of, shortened
from qa.models import Question
from qa.rendering import plain
from qa.thread_page import Edition


def list_metadata(request: HttpRequest) -> Metadata:
    return interface_page(
        request,
        _("Questions"),
        _("Questions on the extension of social security, answered by experts with their sources."),
        ["questions:list"],
        feeds=[(f"GESS: {_('Questions')}", reverse("questions:feed"))],
    )


def question_metadata(request: HttpRequest, question: Question, context: Mapping[str, Any]) -> Metadata:
    """Describe the edition that is shown. What only those who read the case see is told to no machine."""
    edition: Edition = context["edition"]
    languages = sorted(snapshot.language for snapshot in question.published)
    addresses = {language: request.build_absolute_uri(_address(language, question)) for language in languages}
    canonical = request.build_absolute_uri(_address(edition.language, question))
    default = addresses.get(question.language, canonical)
    public = not edition.is_case
    return Metadata(
        title=edition.title,
        description=shortened(plain(edition.body_md) or edition.title),
        canonical=canonical,
        alternates=(*addresses.items(), ("x-default", default)) if public and len(set(addresses.values())) > 1 else (),
        og_type="article",
        locale=locale_of(edition.language),
        jsonld=(_page(question, edition, canonical),) if public else (),
    )


def _page(question: Question, edition: Edition, canonical: str) -> dict[str, Any]:
    """Return question and answers as published; names are those that the public edition prints."""
    answers = [
        {
            "@type": "Answer",
            "text": plain(answer.body_md),
            "inLanguage": answer.language,
            "dateCreated": answer.day.date() if answer.day else None,
            "author": {"@type": "Person", "name": answer.name} if answer.name else {},
            "url": canonical,
        }
        for answer in edition.answers
    ]
    asked = {
        "@type": "Question",
        "name": edition.title,
        "text": plain(edition.body_md),
        "inLanguage": edition.language,
        "dateCreated": question.submitted_at.date(),
        "answerCount": len(answers),
        "acceptedAnswer": answers,
    }
    return graph("QAPage", url=canonical, inLanguage=edition.language, mainEntity=asked)


def _address(language: str, question: Question) -> str:
    return canonical_address(language, ["questions:detail", question.number])
