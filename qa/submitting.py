"""Whether the machine's evaluation may be submitted to the agent without a person.

Source: DOMAIN "Scorecard", calibration: a question submits by itself only while its gate is open,
else its answer is a suggestion. An evaluation does when every question of it does.
"""

from core.asked import asked_of
from core.calibration import AskedQuestion
from core.conversation import Channel
from core.evaluation import Evaluation, Verdict
from core.scorecard import Scorecard


def depends_on(
    evaluation: Evaluation, card: Scorecard, channel: Channel
) -> tuple[AskedQuestion, ...] | None:
    """The questions whose gates must all be open; None where a person is needed anyway.

    That is where nothing could be asked, something is unsure, or a question is for people alone.
    """
    asked = tuple(each for each in asked_of(card) if each.is_asked_of(channel))
    if evaluation.not_scored or not asked or any(each.by_person for each in asked):
        return None
    findings = {finding.question: finding for finding in evaluation.findings}
    if any(finding.verdict is Verdict.UNSURE for finding in findings.values()):
        return None
    return asked if all(each.id in findings for each in asked) else None
