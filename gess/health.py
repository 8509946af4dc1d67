"""Whether this process answers (`/health/live`), and whether it can serve readers (`/health/ready`).

For balancers, containers and monitors. What readers would notice as missing or wrong makes the answer 503; what is only
late, as a backlog, an engine that is down or a full disk, is told and changes nothing: reading goes on without it.
"""

import shutil
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse

from gess.archives.placing import HALF_DONE, is_half_done
from search.engines import database_engine
from search.models import Outbox, Target
from sync import capture
from sync.backlog import backlog

PATHS = ("/health/live", "/health/ready")
OLD = 60.0  # seconds after which a backlog is worth a look
LITTLE_SPACE = 500 * 2**20  # bytes free on the disk of DATA_DIR
MIGRATE = "run `manage.py migrate`"

Finding = dict[str, Any]  # "state": "ok", "attention" or "fault", and figures


class HealthMiddleware:
    """Answers probes before anything else does: they come by any name or number, without TLS, and leave no session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info.rstrip("/")
        if path not in PATHS:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        response = live() if path == "/health/live" else ready()
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex"
        return response


def live() -> HttpResponse:
    """Say that the process answers, whatever else is down."""
    return JsonResponse({"state": "ok"})


def ready() -> HttpResponse:
    """Say what readers can count on: 200, or 503 with what is at fault."""
    findings = look()
    states = {finding["state"] for finding in findings.values()}
    worst = next((state for state in ("fault", "attention") if state in states), "ok")
    return JsonResponse({"state": worst, **findings}, status=503 if worst == "fault" else 200)


def look() -> dict[str, Finding]:
    """Return what was found, by part. Where the database does not answer, nothing else is asked."""
    findings: dict[str, Finding] = {}
    try:
        findings["migrations"] = _migrations()
        findings["triggers"] = _triggers()
        findings["full_text"] = _full_text()
        if findings["migrations"]["state"] == "ok":
            findings["backlog"] = _backlog()
            findings["engine"] = _engine()
    except DatabaseError as error:
        connection.close()
        return {"database": {"state": "fault", "error": type(error).__name__}}  # its text may name hosts and accounts
    if not settings.DATABASE_URL:
        findings["disk"] = _disk()
    return {"database": {"state": "ok"}, **findings}


def refuse_unfit_start() -> None:
    """Raise ImproperlyConfigured where the site is in pieces, or the database does not hear every change.

    The first is so after a restore that was killed, the second after a `migrate` that was. A database that does not
    answer is no reason: it may be back before the first reader comes.
    """
    if is_half_done(settings.DATA_DIR):
        raise ImproperlyConfigured(HALF_DONE)
    try:
        found = _triggers()
    except DatabaseError:
        return
    if found["state"] != "ok":
        raise ImproperlyConfigured(
            f"{found['missing']} triggers that notice changes are not in the database, so searches would go stale:"
            f" {MIGRATE}, then start again."
        )


def _migrations() -> Finding:
    missing = _known_migrations() - set(MigrationRecorder(connection).applied_migrations())
    return _finding(missing, missing=[f"{app}.{name}" for app, name in sorted(missing)][:5])


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    """Return the last migration of each app, as the code of this process has it."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def _triggers() -> Finding:
    missing = capture.unheard(connection)
    return _finding(missing, missing=len(missing))


def _full_text() -> Finding:
    return _finding(not database_engine().marks(connection))


def _finding(fault: Any, **figures: Any) -> Finding:
    return {"state": "fault", "cure": MIGRATE, **figures} if fault else {"state": "ok"}


def _backlog() -> Finding:
    """Parked items are the editors' matter (their list is at /cms/), and no trouble of this process."""
    found = backlog()
    return {
        "state": "attention" if found.age > OLD else "ok",
        "changes": found.changes,
        "keys": found.keys,
        "oldest_seconds": round(found.age),
        "parked": found.parked,
    }


def _engine() -> Finding:
    """Tell what the search engine's replica has not taken yet, from our own rows: the engine itself is not asked."""
    if not settings.ELASTICSEARCH_URL:
        return {"state": "ok", "answers": "database"}
    targets = {target.state: target for target in Target.objects.all()}
    serving = targets.get(Target.State.SERVING)
    return {
        "state": "ok" if serving and not serving.failures else "attention",
        "answers": "elasticsearch" if serving and not serving.failures else "database",
        "generation": serving.pk if serving else None,
        "building": targets[Target.State.BUILDING].pk if Target.State.BUILDING in targets else None,
        "outbox": Outbox.objects.filter(parked=False)[:10_000].count(),
        "parked": Outbox.objects.filter(parked=True).count(),
    }


def _disk() -> Finding:
    free = shutil.disk_usage(settings.DATA_DIR).free
    return {"state": "ok" if free > LITTLE_SPACE else "attention", "free_megabytes": free // 2**20}
