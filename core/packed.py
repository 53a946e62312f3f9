"""An evaluation's answers in a line that reports count: verdicts and marks, and no words.

`{"greeting":"y","tone":"y:4","empathy":"?"}`: y and n are answers, - does not apply, ? is unsure;
behind a colon stands the choice or the mark, where the answer is one.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from core.answers import AnswerKind
from core.evaluation import Finding, Source, Verdict
from core.score import shares_of
from core.scorecard import Scorecard

NO_ANSWERS = "{}"
_CODES = {
    Verdict.YES: "y",
    Verdict.NO: "n",
    Verdict.NOT_APPLICABLE: "-",
    Verdict.UNSURE: "?",
}
_VERDICTS = {code: verdict for verdict, code in _CODES.items()}
_CHOICE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z")  # how forms name their choices; no sentence
HIGHEST_MARK = 1000  # a value beyond it is a measure behind the verdict and no mark


def pack(findings: Iterable[Finding], card: Scorecard | None = None) -> str:
    """The answers in one line.

    With `card` the value of a choice or a scale is kept and no other. Without it a machine's
    value is kept where it can be one: free words are a person's, and never are.
    """
    told = {finding.question: _code(finding, card) for finding in findings}
    return json.dumps(told, separators=(",", ":"), ensure_ascii=True)


def unpack(line: str) -> tuple[Finding, ...]:
    """The answers as findings that have neither evidence nor reason."""
    answers: dict[str, str] = json.loads(line)
    return tuple(_finding(question, code) for question, code in answers.items())


@dataclass(frozen=True, slots=True)
class Read:
    """One answer of a line; `share` is what it earned, 0..1, None where it is not answered."""

    verdict: Verdict
    share: float | None


class LineReader:
    """Reads many lines of one form: each answer of a question is looked up in the form once."""

    def __init__(self, card: Scorecard | None) -> None:
        self._card = card
        self._known: dict[tuple[str, str], Read] = {}

    def read(self, line: str) -> dict[str, Read]:
        """The answers by question.

        Raises:
            BadInput: an answer is none that the form takes.
        """
        answers: dict[str, str] = json.loads(line)
        return {question: self._read(question, code) for question, code in answers.items()}

    def shares(self, line: str) -> dict[str, float]:
        """What each answered question earned; without its form a yes is 1 and a no is 0.

        Raises:
            BadInput: an answer is none that the form takes.
        """
        found = self.read(line)
        return {question: one.share for question, one in found.items() if one.share is not None}

    def _read(self, question: str, code: str) -> Read:
        known = self._known.get((question, code))
        if known is None:
            known = self._known[question, code] = self._looked_up(question, code)
        return known

    def _looked_up(self, question: str, code: str) -> Read:
        finding = _finding(question, code)
        if self._card is not None:
            return Read(finding.verdict, shares_of(self._card, [finding]).get(question))
        share = float(finding.verdict is Verdict.YES) if finding.is_answered else None
        return Read(finding.verdict, share)


def piece_of(question: str, verdict: Verdict) -> str:
    """How a line begins to say this answer; a line with it in it gives that answer."""
    return f"{json.dumps(question)}:{json.dumps(_CODES[verdict])[:-1]}"


def _code(finding: Finding, card: Scorecard | None) -> str:
    value = _value(finding, card)
    code = _CODES[finding.verdict]
    return code if value is None or not finding.is_answered else f"{code}:{value}"


def _value(finding: Finding, card: Scorecard | None) -> str | None:
    given = finding.value
    if given is None:
        return None
    if card is not None:
        question = card.question(finding.question)
        if question is None or question.answers.kind not in (AnswerKind.CHOICE, AnswerKind.SCALE):
            return None
        return given if isinstance(given, str) else f"{given:g}"
    if isinstance(given, str):
        is_choice = finding.source is Source.MACHINE and _CHOICE.match(given)
        return given if is_choice else None
    return f"{given:g}" if given == int(given) and 0 <= given <= HIGHEST_MARK else None


def _finding(question: str, code: str) -> Finding:
    letter, _, value = code.partition(":")
    return Finding(question, _VERDICTS[letter], 1.0, "", value=value or None)
