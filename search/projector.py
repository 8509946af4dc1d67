"""When a name appears, the texts that contain it are looked at again, so that they link to it."""

from collections.abc import Sequence

from core.analysis import keys
from core.entries import AUDIENCES
from search.engines import database_engine
from search.tree import Phrase, Term
from sync.models import Document
from sync.projectors import Changes, Projection, Projector

LIMIT = 10_000  # texts looked at again for one name


class NewNameProjector(Projector):
    """Turns added names into fan-out, by a phrase query of the full text. Runs after `links`, which finds the names."""

    def project(self, batch: Sequence[Projection], changes: Changes) -> None:
        done = {projection.key for projection in batch}
        phrases = {tuple(keys(phrase, language)) for language, phrase in changes.names_added}
        numbers = set()
        for words in phrases - {()}:
            tree = Phrase("words", words) if len(words) > 1 else Term("words", words[0])
            # The staff's index holds every document.
            numbers |= {hit.number for hit in database_engine().matches(tree, AUDIENCES[-1], limit=LIMIT)}
        found = Document.objects.filter(number__in=numbers).values_list("key", flat=True)
        changes.fanout |= set(found) - done
