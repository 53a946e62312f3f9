"""From a session's sheets to double scores: which answers count, and which do not."""

from collections.abc import Iterable, Iterator, Mapping

from core.asked import answer_of
from core.calibration import AskedQuestion, CalibrationSession, DoubleScore, Item, Sheet
from core.conversation import Channel


def double_scores_of(
    session: CalibrationSession, sheets: Iterable[Sheet], channels: Mapping[str, Channel]
) -> Iterator[DoubleScore]:
    """One for each blind answer of a person to a question that the machine answers too.

    Drafts do not count, nor what somebody answered who had seen the machine's answers, nor a
    question that the form does not ask on the conversation's channel or leaves to people.
    """
    for sheet in sheets:
        item = session.item(sheet.conversation)
        if item is None or sheet.submitted_at is None or sheet.had_seen:
            continue
        for asked in session.questions:
            if asked.is_asked_of(channels[sheet.conversation]) and not asked.by_person:
                yield from _double_score(session, item, sheet, asked)


def _double_score(
    session: CalibrationSession, item: Item, sheet: Sheet, asked: AskedQuestion
) -> Iterator[DoubleScore]:
    given = sheet.answer(asked.id)
    finding = next((found for found in item.findings if found.question == asked.id), None)
    if given is None or finding is None or sheet.submitted_at is None:
        return
    yield DoubleScore(
        digest=asked.digest,
        question=asked.id,
        scorecard=session.scorecard,
        version=session.version,
        conversation=sheet.conversation,
        picked=item.picked,
        machine=answer_of(asked, finding),
        person=given.answer,
        by=sheet.person,
        at=sheet.submitted_at,
    )
