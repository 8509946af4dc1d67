"""nDCG, reciprocal rank and recall as trec_eval defines them (`ndcg_cut_10`, `recip_rank`, `recall_100`).

https://github.com/usnistgov/trec_eval : the gain is the grade itself, the discount log2(rank + 1), and the ideal order
is that of all judged documents. Documents without a judgement count as not relevant.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2
from statistics import fmean

CUT, DEPTH = 10, 100


@dataclass(frozen=True)
class Quality:
    """Measures of one question, or their means."""

    ndcg: float  # at 10
    mrr: float
    recall: float  # at 100


def quality(ranked: Sequence[str], grades: Mapping[str, int]) -> Quality:
    """Measure one ranking, best first and each document once. One of the grades must be above 0."""
    relevant = {document for document, grade in grades.items() if grade > 0}
    ideal = _gain(sorted((grade for grade in grades.values() if grade > 0), reverse=True))
    first = next((rank for rank, document in enumerate(ranked, 1) if document in relevant), None)
    return Quality(
        ndcg=_gain([max(grades.get(document, 0), 0) for document in ranked]) / ideal,
        mrr=1 / first if first else 0.0,
        recall=len(relevant.intersection(ranked[:DEPTH])) / len(relevant),
    )


def mean(found: Sequence[Quality]) -> Quality:
    return Quality(*(fmean(getattr(one, name) for one in found) for name in ("ndcg", "mrr", "recall")))


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / log2(rank + 1) for rank, grade in enumerate(grades[:CUT], 1))
