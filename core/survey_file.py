"""The file of survey rules: YAML in, `SurveyRules` out, every error with its file, line and key."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from core.conversation import Channel
from core.errors import BadInput, BadSurveys, NotFound
from core.survey import SCALES, SurveyKind, check_score
from core.survey_rules import (
    CAP_DAYS,
    DETRACTOR_HOURS,
    LATE_ANSWER_HOURS,
    AskRule,
    Detractors,
    SurveyRules,
    Trigger,
)
from core.task_names import check_task_names
from core.yaml_node import Item, compose

SHIPPED = Path(__file__).parents[1] / "surveys.yml"  # the demo shop's, at the top of the checkout

KEYS = frozenset({"cap_days", "late_answer_hours", "ask", "why", "detractors", "wording"})
RULE_KEYS = frozenset({"after", "tasks", "questions", "share"})
DETRACTOR_KEYS = frozenset({"at_most", "hours"})
LONGEST_WORDING = 300  # characters; a question on a phone's screen without scrolling
_LINE = re.compile(r":(\d+): ")
Read = TypeVar("Read")
Other = TypeVar("Other")


class _Complaints:
    """Goes on reading behind an error, so that all of a file's errors are told at once."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def of(self, read: Callable[[], Read], otherwise: Other) -> Read | Other:
        """What `read` gives; an error is kept, and `otherwise` stands for what was wrong."""
        try:
            return read()
        except BadInput as error:
            if str(error) not in self.found:
                self.found.append(str(error))
            return otherwise

    def of_keys(self, item: Item, known: frozenset[str]) -> None:
        """Keep an error for each key that is not `known`."""
        for key in self.of(item.names, ()):
            if key not in known:
                expected = ", ".join(sorted(known))
                self.found.append(str(item.wrong(key, f"unknown key; known are {expected}")))


def load_survey_rules(path: str | Path = "") -> SurveyRules:
    """The rules in a YAML file; those of the demo shop when none is named.

    Raises:
        NotFound: there is no such file.
        BadSurveys: naming the file, the line and the key of everything that is wrong.
    """
    file = Path(path) if str(path) else SHIPPED
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise NotFound(f"{file}: there is no such file of survey rules") from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadSurveys(f"{file}: cannot be read: {error}") from error
    return parse_survey_rules(text, str(file))


def parse_survey_rules(text: str, file: str) -> SurveyRules:
    """Read the rules from YAML text; `file` names it in errors.

    Raises:
        BadSurveys: one line for each thing that is wrong.
    """
    top = compose(text, file, error=BadSurveys, what="survey rules")
    top.names()  # so that a file that is a list or a text is told at once
    wrong = _Complaints()
    wrong.of_keys(top, KEYS)
    rules = wrong.of(
        lambda: SurveyRules(
            ask=tuple(_ask(top, wrong)),
            why=_whys(top, wrong),
            detractors=_detractors(top, wrong),
            wording=_wording(top, wrong),
            cap_days=wrong.of(lambda: _cap_days(top), CAP_DAYS),
            late_answer_hours=wrong.of(
                lambda: _positive(top, "late_answer_hours", LATE_ANSWER_HOURS), LATE_ANSWER_HOURS
            ),
        ),
        SurveyRules(),
    )
    if wrong.found:
        raise BadSurveys("\n".join(sorted(wrong.found, key=_line_of)))
    return rules


def _ask(top: Item, wrong: _Complaints) -> Iterator[AskRule]:
    for item in wrong.of(lambda: top.items("ask"), ()):
        rule = _rule(item, wrong)
        if rule is not None:
            yield rule


def _rule(item: Item, wrong: _Complaints) -> AskRule | None:
    before = len(wrong.found)
    wrong.of_keys(item, RULE_KEYS)
    after = wrong.of(lambda: Trigger(item.one_of("after", Trigger)), Trigger.TASK)
    questions = wrong.of(lambda: _questions(item), ())
    tasks = wrong.of(lambda: _tasks(item), ())
    share = wrong.of(lambda: _share(item, wrong), dict[Channel, float]())
    if len(wrong.found) > before:
        return None
    try:
        return AskRule(after, questions, share, frozenset(tasks))
    except BadInput as error:
        wrong.found.append(str(item.wrong("", str(error))))
        return None


def _questions(item: Item) -> tuple[SurveyKind, ...]:
    item.need("questions")
    return item.choices("questions", SurveyKind)


def _texts(item: Item, key: str) -> tuple[str, ...]:
    return tuple(line.value for line in item.lines(key)) if item.has(key) else ()


def _tasks(item: Item) -> tuple[str, ...]:
    names = _texts(item, "tasks")
    try:
        check_task_names(names)
    except BadInput as error:
        raise item.wrong("tasks", str(error)) from error
    return names


def _share(item: Item, wrong: _Complaints) -> Mapping[Channel, float]:
    """A number for all channels, or one for each channel that is to be asked."""
    if not item.has("share"):
        return dict.fromkeys(Channel, 1.0)
    if not item.is_mapping("share"):
        return dict.fromkeys(Channel, _fraction(item, "share"))
    shares = item.need_child("share")
    wrong.of_keys(shares, frozenset(Channel))
    return {channel: _sampled(shares, channel, wrong) for channel in Channel if shares.has(channel)}


def _sampled(shares: Item, channel: Channel, wrong: _Complaints) -> float:
    return wrong.of(lambda: _fraction(shares, channel), 0.0)


def _fraction(item: Item, key: str) -> float:
    share = item.number(key)
    if not 0 <= share <= 1:
        raise item.wrong(key, f"a share lies between 0 and 1, {share:g} does not")
    return share


def _whys(top: Item, wrong: _Complaints) -> dict[SurveyKind, int]:
    return dict(_by_kind(top, "why", frozenset(SCALES), wrong, _score))


def _detractors(top: Item, wrong: _Complaints) -> Mapping[SurveyKind, Detractors]:
    if not top.has("detractors"):
        return SurveyRules().detractors

    def read(item: Item, kind: SurveyKind) -> Detractors:
        child = item.need_child(kind)
        wrong.of_keys(child, DETRACTOR_KEYS)
        at_most = _score(child, kind, key="at_most")
        return Detractors(at_most, _positive(child, "hours", DETRACTOR_HOURS))

    return dict(_by_kind(top, "detractors", frozenset(SCALES), wrong, read))


def _wording(top: Item, wrong: _Complaints) -> dict[SurveyKind, str]:
    def read(item: Item, kind: SurveyKind) -> str:
        words = item.text(kind)
        if len(words) > LONGEST_WORDING:
            raise item.wrong(kind, f"at most {LONGEST_WORDING} characters, not {len(words)}")
        return words

    return dict(_by_kind(top, "wording", frozenset(SurveyKind), wrong, read))


def _by_kind(
    top: Item,
    key: str,
    kinds: frozenset[SurveyKind],
    wrong: _Complaints,
    read: Callable[[Item, SurveyKind], Read],
) -> Iterator[tuple[SurveyKind, Read]]:
    """What stands under `key` for each question; nothing where the key is left out."""
    item = top.child(key)
    if item is None:
        return
    wrong.of_keys(item, frozenset(kinds))
    for kind in SurveyKind:
        found = _one(item, kind, wrong, read) if kind in kinds else None
        if found is not None:
            yield kind, found


def _one(
    item: Item,
    kind: SurveyKind,
    wrong: _Complaints,
    read: Callable[[Item, SurveyKind], Read],
) -> Read | None:
    return wrong.of(lambda: read(item, kind) if item.has(kind) else None, None)


def _score(item: Item, kind: SurveyKind, *, key: str = "") -> int:
    value = item.number(key or kind)
    try:
        check_score(kind, int(value) if value == int(value) else None)
    except BadInput as error:
        low, high = SCALES[kind]
        problem = f"{kind} goes from {low} to {high} in whole numbers, not {value:g}"
        raise item.wrong(key or kind, problem) from error
    return int(value)


def _cap_days(top: Item) -> int:
    days = top.number("cap_days", default=CAP_DAYS)
    if days < 0 or days != int(days):
        raise top.wrong("cap_days", "a whole number of days was expected, or 0 for no cap")
    return int(days)


def _positive(item: Item, key: str, default: float) -> float:
    value = item.number(key, default=default)
    if value <= 0:
        raise item.wrong(key, "more than 0 was expected")
    return value


def _line_of(complaint: str) -> int:
    """The line a complaint names, so that a person can mend the file from top to bottom."""
    found = _LINE.search(complaint)
    return int(found.group(1)) if found else 0
