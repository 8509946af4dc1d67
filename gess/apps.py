from django.apps import AppConfig


class GessConfig(AppConfig):
    """Holds the checks and commands that concern the whole installation."""

    name = "gess"

    def ready(self) -> None:
        import gess.archives.checks
        import gess.checks  # noqa: F401  they register themselves; settings must be loaded first
