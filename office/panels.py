"""What the office offers on every detail page."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from core.panels import Action, register_action


@register_action
def report_an_error(key: str) -> Action:
    return Action(_("Report an error"), f"{reverse('office:report')}?{urlencode({'about': key}, safe=':')}")
