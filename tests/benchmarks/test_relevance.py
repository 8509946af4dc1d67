"""The search quality harness: files as they may be, measures by hand, and runs through the command."""

import json
import os
import subprocess
import sys
from math import log2
from pathlib import Path

import pytest

from benchmarks.relevance.collection import CollectionError, read
from benchmarks.relevance.measures import Quality, mean, quality
from tests.databases import ROOT

DOCUMENTS = [
    {"_id": "d1", "title": "Pensions", "text": "Old-age pensions in rural areas"},
    {"_id": "d2", "title": "Pensions", "text": "For widows and orphans"},
    {"_id": "d3", "text": "Maternity leave of domestic workers"},
    {"_id": "d4", "title": "", "text": "Employment injury", "metadata": {"year": 1990}},
]
QUERIES = [{"_id": "q1", "text": "rural pensions"}, {"_id": "q2", "text": "maternity"}, {"_id": "q3", "text": "zebra"}]
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t1\nq2\td3\t1\nq3\td4\t1\n"


def lines(rows: list[dict]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "corpus.jsonl").write_text(lines(DOCUMENTS))
    (tmp_path / "queries.jsonl").write_text(lines(QUERIES))
    (tmp_path / "qrels.tsv").write_text(QRELS)
    return tmp_path


def run(*arguments: str) -> subprocess.CompletedProcess:
    """Run the command as a person does, without the settings of the tests."""
    hidden = {"DJANGO_SETTINGS_MODULE", "DATA_DIR", "DATABASE_URL", "REDIS_URL", "ELASTICSEARCH_URL", "SECRET_KEY"}
    env = {name: value for name, value in os.environ.items() if name not in hidden}
    command = [sys.executable, "-m", "benchmarks.relevance", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_a_collection_is_loaded_asked_and_measured(folder):
    file = folder / "run.txt"
    done = run(str(folder), "--run", str(file))
    assert done.returncode == 0, done.stderr
    hits = [line.split() for line in file.read_text().splitlines()]
    assert [hit[:4] for hit in hits if hit[0] == "q1"] == [["q1", "Q0", "d1", "1"], ["q1", "Q0", "d2", "2"]]
    assert [hit[2] for hit in hits if hit[0] == "q2"] == ["d3"] and not [hit for hit in hits if hit[0] == "q3"]
    assert all(float(a[4]) > float(b[4]) for a, b in zip(hits, hits[1:], strict=False) if a[0] == b[0])
    row = done.stdout.splitlines()[-1].split()
    assert row == ["all", "3", "1", "0.6667", "0.6667", "0.6667"]


def test_a_language_is_that_of_documents_and_reader(folder):
    (folder / "corpus.jsonl").write_text(
        lines([{"_id": "a", "text": "社会保险制度改革"}, {"_id": "b", "text": "养老金"}])
    )
    (folder / "queries.jsonl").write_text(lines([{"_id": 7, "text": "保险改革"}]))
    (folder / "qrels.tsv").write_text("7 0 a 1\n")
    done = run(str(folder), "--language", "zh")
    assert done.stdout.splitlines()[-1].split()[:4] == ["all", "1", "0", "1.0000"], done.stderr


def test_bad_files_are_told_with_their_line(folder):
    (folder / "corpus.jsonl").write_text(lines([DOCUMENTS[0], DOCUMENTS[0]]))
    done = run(str(folder))
    assert done.returncode == 1 and "line 2" in done.stderr and "'d1' stands in line 1" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("corpus.jsonl", "", "has no documents"),
        ("corpus.jsonl", "{\n", "line 1: not JSON"),
        ("corpus.jsonl", "[]\n", "line 1: not an object"),
        ("corpus.jsonl", '{"_id": "a b", "text": "x"}\n', "without spaces"),
        ("corpus.jsonl", '{"_id": "a", "text": " "}\n', "neither title nor text"),
        ("corpus.jsonl", '{"_id": "a", "text": 3}\n', "text is 3: write a text"),
        ("queries.jsonl", '{"_id": "q1", "text": "x", "metadata": {"half": "both"}}\n', "the half is 'both'"),
        ("qrels.tsv", "q1\td1\t1\nq1\td1\t2\n", "line 2: q1 and d1 have another score above"),
        ("qrels.tsv", "q1\td9\t1\n", "line 1: no document 'd9'"),
        ("qrels.tsv", "q9\td1\t1\n", "line 1: no question 'q9'"),
        ("qrels.tsv", "q1\td1\t1\nq1\td2\thigh\n", "line 2: the score is 'high'"),
        ("qrels.tsv", "q1\td1\n", "line 1: 2 fields"),
        ("qrels.tsv", "q1\td1\t0\n", "no question has a relevant document"),
    ],
)
def test_each_fault_of_a_file_is_named(folder, name, content, said):
    (folder / name).write_text(content)
    with pytest.raises(CollectionError, match=said.replace("(", r"\(")):
        read(folder)


def test_files_that_are_missing_or_not_utf8_are_named(folder):
    (folder / "queries.jsonl").write_bytes(lines(QUERIES).encode() + b'{"_id": "q4", "text": "\xff"}\n')
    with pytest.raises(CollectionError, match="line 4: not UTF-8"):
        read(folder)
    (folder / "queries.jsonl").unlink()
    with pytest.raises(CollectionError, match=r"queries\.jsonl is missing"):
        read(folder)


def test_judgements_may_have_either_layout(folder):
    expected = read(folder).judgements
    (folder / "qrels").mkdir()
    (folder / "qrels.tsv").rename(folder / "qrels" / "test.tsv")
    assert read(folder).judgements == expected
    (folder / "qrels.tsv").write_text("q1 0 d1 2\nq1 0 d2 1\nq2 0 d3 1\nq3 0 d4 1\n")
    assert read(folder).judgements == expected


def test_measures_are_those_computed_by_hand():
    grades = {"a": 3, "b": 2, "c": 1, "d": 0}
    found = quality(["x", "b", "d", "a"], grades)
    ideal = 3 + 2 / log2(3) + 1 / 2
    assert found.ndcg == pytest.approx((2 / log2(3) + 3 / log2(5)) / ideal)
    assert (found.mrr, found.recall) == (0.5, pytest.approx(2 / 3))
    assert quality(["a", "b", "c"], grades) == Quality(1.0, 1.0, 1.0)
    assert quality([], grades) == Quality(0.0, 0.0, 0.0)
    assert quality(["x"] * 10 + ["a"], {"a": 1}) == Quality(0.0, 1 / 11, 1.0)
    assert quality([f"x{i}" for i in range(100)] + ["a"], {"a": 1}).recall == 0.0
    assert mean([Quality(1.0, 0.5, 0.0), Quality(0.0, 0.5, 1.0)]) == Quality(0.5, 0.5, 0.5)
