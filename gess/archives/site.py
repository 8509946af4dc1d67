"""The site that this installation runs, and what to do where it is not in one folder."""

from django.conf import settings
from django.core.management.base import CommandError

from gess.archives.placing import Site

IN_PIECES = (
    "This site is on PostgreSQL, whose own tools copy it while it runs:\n{commands}\n"
    "The whole procedure: docs/operate.md."
)
BACKUP = """
  pg_dump --format custom --file gess.dump "$DATABASE_URL"
  tar --create --gzip --file media.tar.gz --directory "$DATA_DIR" media      # after the dump; and keep SECRET_KEY
"""
RESTORE = """
  pg_restore --clean --if-exists --no-owner --dbname "$DATABASE_URL" gess.dump     # with web, worker and beat stopped
  tar --extract --gzip --file media.tar.gz --directory "$DATA_DIR"
  python manage.py migrate && python manage.py search_rebuild && python manage.py search_check
"""


def site() -> Site:
    return Site(settings.DATA_DIR, settings.DATABASES["default"]["NAME"], settings.MEDIA_ROOT)


def refuse_postgresql(commands: str) -> None:
    """Raise CommandError with the commands to use instead, where the database is a server."""
    if settings.DATABASE_URL:
        raise CommandError(IN_PIECES.format(commands=commands.rstrip()))
