"""What a careless hand can do to Elasticsearch, through its own interface, past GESS."""

import json
import urllib.error
import urllib.request
from random import Random
from typing import Any

REPOSITORY = "/_snapshot/faults"
SNAPSHOT = f"{REPOSITORY}/earlier"
MOST = 10_000  # documents of one answer: all that a run writes


class Node:
    """One node, by its address."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Return the parsed answer. Raises RuntimeError with the node's reason."""
        request = urllib.request.Request(f"{self.url}{path}", method=method)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} {path}: {error.read().decode()[:500]}") from error

    def indices(self) -> list[str]:
        """Return the names of all indices that are not the node's own."""
        return sorted(name for name in self.ask("GET", "/_all/_settings") if not name.startswith("."))

    def aliases(self) -> set[str]:
        """Return the names of all aliases that searches read: those of writers carry a generation's number."""
        found = {alias for one in self.ask("GET", "/_alias").values() for alias in one["aliases"]}
        return {name for name in found if not any(letter.isdigit() for letter in name)}

    def contents(self, audience: str) -> str:
        """Return all that the indices of an audience hold, as text."""
        names = [name for name in self.indices() if name.endswith(f"-{audience}")]
        found = []
        for name in names:
            self.ask("POST", f"/{name}/_refresh")
            found.append(self.ask("POST", f"/{name}/_search", {"size": MOST})["hits"]["hits"])
        return json.dumps(found)

    def block(self, blocked: bool) -> None:
        """Set or lift what the node itself sets when its disk is nearly full."""
        value = True if blocked else None
        for name in self.indices():
            self.ask("PUT", f"/{name}/_settings", {"index.blocks.read_only_allow_delete": value})

    def delete_aliases(self) -> None:
        """Take every alias away, in one act: whoever mends this may be at work already."""
        self.ask("POST", "/_aliases", {"actions": [{"remove": {"index": "*", "alias": "*"}}]})

    def delete_indices(self) -> None:
        self.ask("DELETE", f"/{','.join(self.indices())}?ignore_unavailable=true")

    def alter(self, rng: Random, share: float) -> int:
        """Overwrite a share of the documents with another title and hash, under the same version; return how many."""
        count = 0
        for name in self.indices():
            hits = self.ask("POST", f"/{name}/_search", {"size": MOST, "version": True})["hits"]["hits"]
            for hit in hits:
                if rng.random() >= share:
                    continue
                source = {**hit["_source"]}
                source |= {"hash32": 1, "title_words": "altered"}
                path = f"/{name}/_doc/{hit['_id']}?version={hit['_version']}&version_type=external_gte"
                self.ask("PUT", path, source)
                count += 1
            self.ask("POST", f"/{name}/_refresh")
        return count

    def take_snapshot(self) -> None:
        """Keep the present state of all indices in the repository that the node's settings allow."""
        self.ask("PUT", REPOSITORY, {"type": "fs", "settings": {"location": "kept"}})
        answer = self.ask("PUT", f"{SNAPSHOT}?wait_for_completion=true", {"include_global_state": False})
        if answer["snapshot"]["state"] != "SUCCESS":
            raise RuntimeError(f"No snapshot was taken: {answer}")

    def put_snapshot_back(self) -> None:
        """Put that state in the place of the present one, as from the backup of a disk, and throw the snapshot away."""
        names = ",".join(self.indices())
        self.ask("POST", f"/{names}/_close")
        self.ask("POST", f"{SNAPSHOT}/_restore?wait_for_completion=true", {"indices": names})
        self.ask("GET", "/_cluster/health?wait_for_status=yellow&timeout=15s")
        self.ask("DELETE", SNAPSHOT)
