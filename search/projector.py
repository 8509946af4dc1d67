"""What search does when documents are written: new names reach the texts that contain them, new words are kept."""

from collections.abc import Sequence

from core.analysis import keys
from core.entries import AUDIENCES
from search.engines import database_engine
from search.tree import Phrase, Term
from search.words import learn
from sync.folding import mark_selected
from sync.projectors import Changes, Projection, Projector

SELECTION = "SELECT DISTINCT key FROM ({keys}) AS found WHERE key NOT IN ({done})"


class NewNameProjector(Projector):
    """Turns added names into fan-out, by a phrase query of the full text. Runs after `links`, which finds the names.

    A name may stand in every text there is: the database marks them all by itself.
    """

    def project(self, batch: Sequence[Projection], changes: Changes) -> None:
        done = [projection.key for projection in batch]
        phrases = {tuple(keys(phrase, language)) for language, phrase in changes.names_added}
        for words in sorted(phrases - {()}):
            tree = Phrase("words", words) if len(words) > 1 else Term("words", words[0])
            # The staff's index holds every document.
            keys_found, parameters = database_engine().selection(tree, AUDIENCES[-1], "key")
            selection = SELECTION.format(keys=keys_found, done=", ".join(["%s"] * len(done)))
            mark_selected(selection, [*parameters, *done], "fanout")


class WordProjector(Projector):
    """Keeps the words of the documents written."""

    def project(self, batch: Sequence[Projection], changes: Changes) -> None:
        documents = [doc for projection in batch for doc in projection.documents.values() if doc.id in changes.written]
        learn(documents)
