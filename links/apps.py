from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LinksConfig(AppConfig):
    name = "links"
    verbose_name = _("links")

    def ready(self) -> None:
        from links.projector import LinkProjector
        from sync.projectors import register

        register(LinkProjector())
