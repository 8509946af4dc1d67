"""The composition root: settings, addresses, the API router, Celery. Imported by nobody."""

from gess.celery import app as celery_app

__all__ = ["celery_app"]
