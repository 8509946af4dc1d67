from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QaConfig(AppConfig):
    name = "qa"
    verbose_name = _("questions and answers")

    def ready(self) -> None:
        from qa import desks, mails  # noqa: F401  they register what they offer
