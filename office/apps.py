from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class OfficeConfig(AppConfig):
    name = "office"
    verbose_name = _("office")

    def ready(self) -> None:
        from office import desks, panels, roles  # noqa: F401  desks and panels register themselves

        post_migrate.connect(roles.ensure, sender=self)
