"""A scorecard as plain values, in the keys of its file; what is as usual is left out."""

from collections.abc import Iterable
from typing import Any

import yaml

from core.answers import AnswerForm, AnswerKind
from core.applicability import Applicability
from core.scorecard import CommentRule, Criticality, Question, Scorecard, Section

Values = dict[str, Any]  # ready for YAML or JSON
WIDTH = 100  # characters of a line


def to_yaml(card: Scorecard) -> str:
    """The form as a YAML file; `qa.cards.parse_scorecard` reads the same form from it."""
    text: str = yaml.safe_dump(values_of(card), sort_keys=False, allow_unicode=True, width=WIDTH)
    return text


def values_of(card: Scorecard) -> Values:
    """The whole form."""
    return _present(
        name=card.name,
        version=card.version,
        title=card.title,
        description=card.description,
        pass_mark=_number(card.pass_mark),
        points=None if card.points == 100 else _number(card.points),
        variables=dict(card.variables),
        applies_to=_applies_to(card.applies_to),
        dropped=sorted(card.dropped),
    ) | {"sections": [_section(section) for section in card.sections]}


def question_values(question: Question) -> Values:
    """One question."""
    answers = question.answers
    return _present(
        id=question.id,
        text=question.text,
        instructions=question.instructions,
    ) | _present(
        weight=_number(question.weight),
        rule=question.rule,
        criticality=_unusual(question.criticality, Criticality.NORMAL),
        channels=_words(question.channels),
        person_only=None if question.person_only else False,
        answer=_unusual(answers.kind, AnswerKind.YES_NO),
        choices=_choices(answers),
        scale={"low": answers.low, "high": answers.high} if answers.high else None,
        may_not_apply=None if question.may_not_apply else False,
        comment=_unusual(question.comment, CommentRule.OPTIONAL),
        when={each.question: _words(each.answers) for each in question.when},
        was=question.was,
        options={key: _plain(value) for key, value in question.options.items()},
    )


def _section(section: Section) -> Values:
    inner = (
        {"questions": [question_values(question) for question in section.questions]}
        if section.questions
        else {"sections": [_section(child) for child in section.sections]}
    )
    own = {"id": section.id, "title": section.title, "weight": _number(section.weight)}
    return own | inner


def _choices(answers: AnswerForm) -> list[Values]:
    return [
        {"id": choice.id, "text": choice.text, "points": _number(choice.points)}
        for choice in answers.choices
    ]


def _applies_to(applies: Applicability) -> Values:
    return _present(
        queues=_words(applies.queues),
        channels=_words(applies.channels),
        directions=_words(applies.directions),
        languages=_words(applies.languages),
        served_by=_words(applies.served_by),
        least_seconds=_number(applies.least_seconds) or None,
        least_turns=applies.least_turns or None,
    )


def _present(**values: Any) -> Values:
    """Without what says nothing; 0 and False say something."""
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}


def _unusual(value: str, usual: str) -> str | None:
    return None if value == usual else str(value)


def _words(words: Iterable[str]) -> list[str]:
    return sorted(str(word) for word in words)


def _number(value: float) -> float | int:
    return int(value) if value == int(value) else value


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return _number(value) if isinstance(value, float) else value
