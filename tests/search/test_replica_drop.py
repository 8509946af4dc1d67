"""Two processes give up one generation at once: whoever comes second finds nothing to do, and says nothing."""

from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
from elasticsearch import NotFoundError

from search.engines.elastic import replica
from search.engines.elastic.mapping import indices

NODE = NodeConfig("http", "localhost", 9200)


class Indices:
    """An engine in which another process removed the first index between our look and our deed."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def delete(self, index: str | list[str], ignore_unavailable: bool) -> None:
        names = [index] if isinstance(index, str) else index
        self.asked += names
        if indices(3)[0] in names:
            raise NotFoundError("gone", ApiResponseMeta(404, "1.1", HttpHeaders(), 0.0, NODE), {})


def test_an_index_that_somebody_else_removed_is_removed(monkeypatch):
    engine = type("Client", (), {"indices": Indices()})
    monkeypatch.setattr(replica, "client", lambda: engine)
    replica.ElasticsearchReplica().drop(3)
    assert engine.indices.asked == indices(3)
