from django.apps import AppConfig
from django.conf import settings


class FaultsConfig(AppConfig):
    """Wraps functions of the code under test, in the processes of the fault harness only."""

    name = "tests.faults"
    label = "faults"

    def ready(self) -> None:
        from qa import services
        from tests.faults import broken, points

        services.QUESTIONS_A_DAY = 1_000_000  # the driver asks more than a person
        points.install()
        broken.install(settings.FAULTS_BROKEN)
