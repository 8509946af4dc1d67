"""The mails about questions. Of a private question they say only its number and address."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from notifications.messages import Mail, message
from notifications.models import Delivery
from qa.choices import SHARED
from qa.models import Question


def _mail(delivery: Delivery, subject: str, sentence: str) -> Mail:
    case = Question.objects.get(pk=int(delivery.about.partition(":")[2]))
    with translation.override(delivery.language):
        address = settings.SITE_URL.rstrip("/") + case.get_absolute_url()
    lines = [sentence % {"number": case.number}, _title(case), address]
    return Mail(
        subject % {"number": case.number}, "\n\n".join(filter(None, lines)) + "\n", thread=f"question-{case.pk}"
    )


def _title(case: Question) -> str:
    if case.visibility not in SHARED:
        return ""
    return case.texts.filter(language=case.language).values_list("title", flat=True).first() or ""


@message("question-submitted")
def submitted(delivery: Delivery) -> Mail:
    return _mail(delivery, _("Question %(number)s: received"), _("Question %(number)s has come in."))


@message("question-assigned")
def assigned(delivery: Delivery) -> Mail:
    return _mail(
        delivery, _("Question %(number)s: for you to answer"), _("You are asked to answer question %(number)s.")
    )


@message("answer-returned")
def returned(delivery: Delivery) -> Mail:
    return _mail(
        delivery,
        _("Question %(number)s: your answer"),
        _("The editors ask you to change your answer to question %(number)s."),
    )


@message("question-answered")
def answered(delivery: Delivery) -> Mail:
    return _mail(delivery, _("Question %(number)s: answered"), _("Your question %(number)s has been answered."))
