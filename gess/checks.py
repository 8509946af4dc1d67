"""Refuses half a configuration before anything starts on it."""

import re
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


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
    messages += _elasticsearch()
    return messages


def _elasticsearch() -> list[CheckMessage]:
    """Return what contradicts itself in the way to log in to Elasticsearch."""
    messages: list[CheckMessage] = []
    if settings.ELASTICSEARCH_API_KEY and (settings.ELASTICSEARCH_USER or settings.ELASTICSEARCH_PASSWORD):
        messages.append(
            Error(
                "ELASTICSEARCH_API_KEY is set together with ELASTICSEARCH_USER or ELASTICSEARCH_PASSWORD.",
                hint="Set either the key, or user and password.",
                id="gess.E005",
            )
        )
    if bool(settings.ELASTICSEARCH_USER) != bool(settings.ELASTICSEARCH_PASSWORD):
        messages.append(
            Error("Of ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD only one is set.", hint="Set both.", id="gess.E006")
        )
    return messages + _elasticsearch_nodes()


def _elasticsearch_nodes() -> list[CheckMessage]:
    """Return what is wrong with the addresses of Elasticsearch and the certificates expected there."""
    messages: list[CheckMessage] = []
    hosts = [host.strip() for host in settings.ELASTICSEARCH_URL.split(",") if host.strip()]
    trust = [t for t in (settings.ELASTICSEARCH_CA_CERTS, settings.ELASTICSEARCH_FINGERPRINT) if t]
    if trust and not (hosts and all(host.startswith("https://") for host in hosts)):
        messages.append(
            Error(
                "A certificate for Elasticsearch is named, but ELASTICSEARCH_URL is no https:// address.",
                hint="Change the address, or unset ELASTICSEARCH_CA_CERTS and ELASTICSEARCH_FINGERPRINT.",
                id="gess.E007",
            )
        )
    if not all(re.fullmatch(r"https?://(\[[0-9a-fA-F:]+\]|[^\s/:@?#]+):\d{1,5}(/\S*)?", host) for host in hosts):
        messages.append(
            Error(
                "ELASTICSEARCH_URL is not a list of http(s)://host:port.",
                hint="Name scheme and port, as in https://search.example.org:9200; several with commas between them."
                " User and password have settings of their own.",
                id="gess.E008",
            )
        )
    if len(trust) == 2:
        messages.append(
            Error(
                "ELASTICSEARCH_CA_CERTS and ELASTICSEARCH_FINGERPRINT are both set.",
                hint="Set one: with a fingerprint, the authority would not be asked.",
                id="gess.E009",
            )
        )
    if settings.ELASTICSEARCH_CA_CERTS and not Path(settings.ELASTICSEARCH_CA_CERTS).is_file():
        messages.append(
            Error(
                f"ELASTICSEARCH_CA_CERTS: there is no file {settings.ELASTICSEARCH_CA_CERTS}.",
                hint="Name the PEM file of the authority that signed the certificates of the nodes.",
                id="gess.E010",
            )
        )
    return messages
