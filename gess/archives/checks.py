"""Lets no command run on a site that a restore left in pieces."""

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from gess.archives.placing import HALF_DONE, is_half_done


@register()
def check_restore(**kwargs: object) -> list[CheckMessage]:
    """Say whether a restore was interrupted while it moved the site."""
    return [Error(HALF_DONE, id="gess.E020")] if is_half_done(settings.DATA_DIR) else []
