"""The connection to Elasticsearch: one client for a process, made when it is first needed.

The package is imported late, since that takes half a second which no other process should pay.
"""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

SEARCH_TIMEOUT = 2.0  # seconds: a reader waits no longer before the database answers
TIMEOUT = 30.0  # of what workers do


class Unreachable(Exception):
    """Elasticsearch did not answer in time, or not what was asked: busy, or no right to ask."""


class TooLarge(Unreachable):
    """The server, or a proxy before it, takes no request of that size (413)."""


class NotThere(Exception):
    """An index or alias does not exist (404)."""


def arguments() -> dict[str, Any]:
    """Return the client's arguments as the settings say them."""
    hosts = [host.strip() for host in settings.ELASTICSEARCH_URL.split(",") if host.strip()]
    found: dict[str, Any] = {
        "hosts": hosts,
        # Another node is asked at once where one refuses the connection. Nothing else is tried again: what fails waits
        # in the outbox, or is answered by the database.
        "max_retries": len(hosts) - 1,
        "retry_on_status": (),
        "retry_on_timeout": False,
        "request_timeout": TIMEOUT,
    }
    if settings.ELASTICSEARCH_API_KEY:
        found["api_key"] = settings.ELASTICSEARCH_API_KEY
    elif settings.ELASTICSEARCH_USER:
        # Encoded here, since the client would take ASCII only.
        login = f"{settings.ELASTICSEARCH_USER}:{settings.ELASTICSEARCH_PASSWORD}"
        found["basic_auth"] = b64encode(login.encode()).decode()
    if settings.ELASTICSEARCH_CA_CERTS:
        found["ca_certs"] = settings.ELASTICSEARCH_CA_CERTS
    if settings.ELASTICSEARCH_FINGERPRINT:
        found["ssl_assert_fingerprint"] = settings.ELASTICSEARCH_FINGERPRINT
    return found


@cache
def _client(**found: Any) -> "Elasticsearch":
    from elasticsearch import Elasticsearch

    return Elasticsearch(**{**found, "hosts": list(found["hosts"])})


def client() -> "Elasticsearch":
    """Return this process's client. It is safe to share between threads."""
    found = arguments()
    return _client(**{**found, "hosts": tuple(found["hosts"])})


@contextmanager
def answering() -> Iterator[None]:
    """Turn the client's errors into ours: Unreachable, TooLarge, NotThere."""
    from elasticsearch import ApiError, TransportError

    try:
        yield
    except TransportError as error:
        # As text it names what earlier attempts met, which is nothing where there was one attempt.
        raise Unreachable(f"{type(error).__name__}: {error.message}") from error
    except ApiError as error:
        if error.status_code == 404:
            raise NotThere(str(error)) from error
        if error.status_code == 413:
            raise TooLarge(str(error)) from error
        raise Unreachable(str(error)) from error
