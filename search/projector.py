"""What search does when documents are written: new names reach the texts that contain them, new words are kept."""

from collections.abc import Sequence

from core.analysis import keys
from core.entries import AUDIENCES
from search.engines import database_engine
from search.tree import Phrase, Term
from search.words import learn
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


class WordProjector(Projector):
    """Keeps the words of the documents written."""

    def project(self, batch: Sequence[Projection], changes: Changes) -> None:
        documents = [doc for projection in batch for doc in projection.documents.values() if doc.id in changes.written]
        learn(documents)
