"""One question of a scorecard file: what it asks, how it is answered, what an answer is worth."""

from core.answers import YES_NO, AnswerForm, AnswerKind, Choice
from core.conversation import Channel
from core.errors import BadInput, BadScorecard
from core.scorecard import CommentRule, Condition, Criticality, Question
from core.yaml_node import Item
from qa.card_options import read_options
from qa.rules.registry import PERSON, RULES

QUESTION_KEYS = frozenset(
    {
        "id", "text", "instructions", "weight", "rule", "options", "criticality", "channels",
        "person_only", "answer", "choices", "scale", "may_not_apply", "comment", "when", "was",
        "examples",  # read by qa/packs.py
    }
)  # fmt: skip
CHOICE_KEYS = frozenset({"id", "text", "points"})
SCALE_KEYS = frozenset({"low", "high"})


def read_question(item: Item, variables: frozenset[str]) -> Question:
    """The question under `item`; `variables` are the names that the form has filled in.

    Raises:
        BadScorecard: naming the file, the line and the key.
    """
    item.check_keys(QUESTION_KEYS)
    rule = item.text("rule")
    if rule not in RULES:
        raise item.wrong("rule", f"no rule is called {rule!r}; there are {', '.join(RULES)}")
    try:
        return Question(
            id=item.text("id"),
            text=item.text("text"),
            weight=item.number("weight"),
            rule=rule,
            options=read_options(item, RULES[rule], variables),
            criticality=item.choice("criticality", Criticality, default=Criticality.NORMAL),
            channels=frozenset(item.choices("channels", Channel)),
            person_only=item.flag("person_only", default=True),
            instructions=item.text("instructions") if item.has("instructions") else "",
            answers=_answers(item, rule),
            may_not_apply=item.flag("may_not_apply", default=True),
            comment=item.choice("comment", CommentRule, default=CommentRule.OPTIONAL),
            when=_conditions(item),
            was=item.text("was") if item.has("was") else None,
        )
    except BadScorecard:
        raise
    except BadInput as error:
        raise item.wrong("", str(error)) from error


def _answers(item: Item, rule: str) -> AnswerForm:
    kind = item.choice("answer", AnswerKind, default=AnswerKind.YES_NO)
    if kind is AnswerKind.YES_NO and not item.has("choices") and not item.has("scale"):
        return YES_NO
    if rule != PERSON:
        raise item.wrong("answer", f"the rule {rule} answers yes or no; other answers need "
                                   f"rule: {PERSON}")  # fmt: skip
    if item.has("scale") != (kind is AnswerKind.SCALE):
        raise item.wrong("answer", "a scale needs both `answer: scale` and `scale`")
    low, high = _scale(item) if item.has("scale") else (0, 0)
    choices = item.items("choices") if item.has("choices") else ()
    return AnswerForm(kind, tuple(_choice(child) for child in choices), low, high)


def _scale(item: Item) -> tuple[int, int]:
    scale = item.need_child("scale")
    scale.check_keys(SCALE_KEYS)
    ends = [scale.number(key) for key in ("low", "high")]
    for key, value in zip(("low", "high"), ends, strict=True):
        if value != int(value):
            raise scale.wrong(key, "a whole number was expected")
    return int(ends[0]), int(ends[1])


def _choice(item: Item) -> Choice:
    item.check_keys(CHOICE_KEYS)
    try:
        return Choice(item.text("id"), item.text("text"), item.number("points"))
    except BadScorecard:
        raise
    except BadInput as error:
        raise item.wrong("points", str(error)) from error


def _conditions(item: Item) -> tuple[Condition, ...]:
    when = item.child("when")
    if when is None:
        return ()
    return tuple(
        Condition(asked, frozenset(line.value for line in when.lines(asked)))
        for asked in when.names()
    )
