"""Refuses half a configuration before anything starts on it."""

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register


@register()
def check_combination(**kwargs: object) -> list[CheckMessage]:
    """Allowed are: nothing; PostgreSQL; PostgreSQL and Redis; PostgreSQL, Redis and Elasticsearch."""
    messages: list[CheckMessage] = []
    if settings.DATABASE_URL and not settings.DATABASE_URL.startswith(("postgres://", "postgresql://")):
        messages.append(
            Error(
                "DATABASE_URL must be a postgresql:// address.", hint="Leave it empty to run on SQLite.", id="gess.E001"
            )
        )
    if settings.REDIS_URL and not settings.DATABASE_URL:
        messages.append(
            Error(
                "REDIS_URL is set, DATABASE_URL is not.",
                hint="Celery workers need PostgreSQL: set DATABASE_URL too, or unset REDIS_URL.",
                id="gess.E002",
            )
        )
    if settings.ELASTICSEARCH_URL and not settings.REDIS_URL:
        messages.append(
            Error(
                "ELASTICSEARCH_URL is set, REDIS_URL is not.",
                hint="Elasticsearch is fed by Celery workers: set DATABASE_URL and REDIS_URL too, or unset it.",
                id="gess.E003",
            )
        )
    if settings.DEMO and settings.DATABASE_URL:
        messages.append(
            Error(
                "DEMO is set together with DATABASE_URL.",
                hint="Demo accounts have known passwords and exist in the embedded way only: unset DEMO.",
                id="gess.E004",
            )
        )
    if settings.ELASTICSEARCH_URL:
        messages.append(
            Warning(
                "Elasticsearch is not used yet: PostgreSQL answers searches.",
                hint="Unset ELASTICSEARCH_URL until the engine is there.",
                id="gess.W001",
            )
        )
    return messages
