"""What people say, question by question: the sentences that the service scorecard was made with."""

from pathlib import Path

import pytest

from benchmarks.qa.conduct.blind import read_sentences
from benchmarks.qa.conduct.figures import QUESTIONS
from core.conversation import Conversation
from tests.qa.judging import find

ROWS = [talk for _, talk in read_sentences(Path(__file__).with_name("sentences.tsv"))]
TOLD = {True: "yes", False: "no", None: "not_applicable"}


@pytest.mark.parametrize("question", QUESTIONS)
def test_service_scorecard_reads_its_sentences(question: str) -> None:
    rows = [talk for talk in ROWS if question in talk.labels]
    said = [find(talk, question, "Larkmoor Bank").verdict.value for talk in rows]
    truths = [
        TOLD[label] for talk in rows if isinstance(label := talk.labels[question], bool | None)
    ]
    hits = sum(one == truth == "yes" for one, truth in zip(said, truths, strict=True))
    f1 = 2 * hits / (said.count("yes") + truths.count("yes"))
    wrong = [_shown(*row) for row in zip(rows, truths, said, strict=True) if row[1] != row[2]]
    assert len(rows) >= 50
    assert f1 >= 0.97, wrong
    assert len(wrong) <= 0.05 * len(rows), wrong


def _shown(talk: Conversation, truth: str, said: str) -> str:
    return f"{truth} → {said}: {' / '.join(turn.text for turn in talk.turns)}"
