"""Questions, answers, the public snapshots, comments, and what happened to each case."""

from qa.models.answers import Answer, AnswerVersion, Citation
from qa.models.questions import Assignment, Numbering, Question, QuestionText
from qa.models.snapshots import Snapshot
from qa.models.thread import CaseEvent, Comment

__all__ = [
    "Answer",
    "AnswerVersion",
    "Assignment",
    "CaseEvent",
    "Citation",
    "Comment",
    "Numbering",
    "Question",
    "QuestionText",
    "Snapshot",
]
