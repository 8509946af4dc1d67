from django.apps import AppConfig


class GessConfig(AppConfig):
    """Holds the checks and commands that concern the whole installation."""

    name = "gess"

    def ready(self) -> None:
        from gess import checks  # noqa: F401  registers itself; settings must be loaded first
