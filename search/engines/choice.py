"""Who answers: the search engine where one serves, the database where none does or it fails."""

import logging
import time
from collections.abc import Sequence

from core.entries import Audience
from search.engines.base import Engine, EngineDown, Found, Question
from search.models import Target

logger = logging.getLogger(__name__)
LOOK = 1.0  # seconds for which a process trusts its last look at the serving generation
PAUSE = 10.0  # seconds without another try after a failure; workers may learn earlier that it is back

_serves = False
_looked_at = _down_until = float("-inf")


class FallbackEngine(Engine):
    """Asks the search engine; once it fails, the database answers the rest of this request and the next ones."""

    name = "fallback"

    def __init__(self, first: Engine, second: Engine) -> None:
        super().__init__()
        self.first, self.second = first, second
        self.degraded = not is_up()

    def find(self, question: Question) -> Found:
        if not self.degraded:
            try:
                return self.first.find(question)
            except EngineDown as error:
                self._give_up(error)
        return self.second.find(question)

    def frequencies(self, stems: Sequence[str], audience: Audience) -> dict[str, int]:
        if not self.degraded:
            try:
                return self.first.frequencies(stems, audience)
            except EngineDown as error:
                self._give_up(error)
        return self.second.frequencies(stems, audience)

    def _give_up(self, error: EngineDown) -> None:
        global _down_until
        _down_until = time.monotonic() + PAUSE
        self.degraded = True
        logger.warning("The search engine does not answer, the database does: %s", error)


def is_up() -> bool:
    """Say whether the search engine is worth asking: a generation serves, and nobody saw it fail just now."""
    global _serves, _looked_at
    now = time.monotonic()
    if now < _down_until:
        return False
    if now - _looked_at > LOOK:
        _serves = Target.objects.filter(state=Target.State.SERVING, failures=0).exists()
        _looked_at = now
    return _serves


def look_again() -> None:
    """Forget what was seen of the search engine: for tests, and for commands that changed it."""
    global _looked_at, _down_until
    _looked_at = _down_until = float("-inf")
