"""The customer's mood must not fall over the conversation."""

from core.conversation import Role
from core.evaluation import Evidence, Finding
from core.scorecard import Question
from core.spans import TextSpan
from language.mood_scale import scale_of
from qa.rules.base import Case, no, not_applicable, unsure, yes

MIN_TURNS = 2  # one turn has no beginning and end to compare
CLEAR = 0.8
LIKELY = 0.65  # a shift near the border


def answer_trend(case: Case, question: Question) -> Finding:
    """Yes when the mood does not fall from the first to the last quarter of the turns."""
    trace = case.sentiment
    if not trace.turns:
        if any(passage.role is Role.UNKNOWN for passage in case.passages):
            return unsure(question, None, "it is not known which turns are the customer's")
        return not_applicable(question, "the customer said nothing")
    if trace.shift is None or len(trace.turns) < MIN_TURNS:
        return not_applicable(question, "one turn has no trend", evidence=_ends(case))
    reason = f"from start to end the mood moved by {trace.shift:+.2f} ({trace.model})"
    turned = scale_of(trace.model).turned
    is_clear = abs(trace.shift + turned) > turned
    chance = CLEAR if is_clear else LIKELY
    if trace.shift > -turned:
        found = yes(question, chance, reason, _ends(case))
    else:
        found = no(question, 1 - chance, reason, _ends(case))
    return Finding(
        found.question, found.verdict, found.confidence, found.reason, found.evidence,
        found.probability, trace.shift,
    )  # fmt: skip


def _ends(case: Case) -> tuple[Evidence, ...]:
    ids = dict.fromkeys((case.sentiment.turns[0][0], case.sentiment.turns[-1][0]))
    turns = [turn for turn in case.conversation.turns if turn.id in ids]
    return tuple(Evidence(turn.id, TextSpan(0, len(turn.text))) for turn in turns)
