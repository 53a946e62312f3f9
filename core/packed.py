"""An evaluation's answers in a line that reports count: verdicts and marks, and no words.

`{"greeting":"y","tone":"y:4","empathy":"?"}`: y and n are answers, - does not apply, ? is unsure;
behind a colon stands the choice or the mark, where the answer is one.
"""

import json
import re
from collections.abc import Iterable, Mapping

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


def shares_in(line: str, card: Scorecard | None) -> Mapping[str, float]:
    """What each answered question earned, 0..1; without its form a yes is 1 and a no is 0.

    Raises:
        BadInput: an answer is none that the form takes.
    """
    findings = unpack(line)
    if card is not None:
        return shares_of(card, findings)
    return {one.question: float(one.verdict is Verdict.YES) for one in findings if one.is_answered}


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
