"""The kinds of rule by name, and which options a scorecard may give to each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.conversation import CallDirection, Role
from core.evaluation import Finding
from core.scorecard import Question
from qa.rules.absence import answer_absence
from qa.rules.acknowledges import answer_acknowledges
from qa.rules.acoustic import Measure, answer_acoustic, check_limits
from qa.rules.base import Case
from qa.rules.card_data import answer_card_data
from qa.rules.classifier import JUDGES, answer_classifier
from qa.rules.empathy import answer_empathy
from qa.rules.event import answer_event, check_events
from qa.rules.greeting import answer_greeting
from qa.rules.hold import answer_hold
from qa.rules.hours import answer_hours, check_hours
from qa.rules.mood import Aspect, answer_mood
from qa.rules.order import answer_order
from qa.rules.paraphrase import answer_paraphrase
from qa.rules.pattern import answer_pattern
from qa.rules.person import answer_person
from qa.rules.phrase import answer_phrase
from qa.rules.resolution import answer_resolution
from qa.rules.restates import answer_restates
from qa.rules.trend import answer_trend


class OptionKind(StrEnum):
    """What an option's value must be."""

    PHRASES = "a list of phrases"
    PATTERNS = "a list of regular expressions"
    PLAIN = "a list of plain sentences"
    SIGNS = "a list of signs"
    NUMBER = "a number"
    ROLE = "agent, customer or bot"
    WINDOW = "opening, closing or anywhere"
    DIRECTION = "inbound or outbound"
    PART = "any, last or final"
    WANTED = "present or absent"
    MEASURE = "a measure of the sound"
    ASPECT = "an aspect of the mood"
    JUDGE = "a judge"
    WORD = "a word"
    VARIABLE = "the name of one of the scorecard's variables"


WORDS_OF: Mapping[OptionKind, frozenset[str]] = {
    OptionKind.ROLE: frozenset({Role.AGENT, Role.CUSTOMER, Role.BOT}),
    OptionKind.WINDOW: frozenset({"opening", "closing", "anywhere"}),
    OptionKind.DIRECTION: frozenset(CallDirection),
    OptionKind.PART: frozenset({"any", "last", "final"}),
    OptionKind.WANTED: frozenset({"present", "absent"}),
    OptionKind.MEASURE: frozenset(Measure),
    OptionKind.ASPECT: frozenset(Aspect),
    OptionKind.JUDGE: frozenset(JUDGES),
}
PERSON = "person"  # the rule of what only a person answers


@dataclass(frozen=True, slots=True)
class RuleKind:
    """How a question is answered, with the options it takes and those it cannot do without.

    `check` says in words what is wrong with a question's options taken together.
    """

    answer: Callable[[Case, Question], Finding]
    options: Mapping[str, OptionKind] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    check: Callable[[Mapping[str, object]], str | None] | None = None


SIGN_OPTIONS: Mapping[str, OptionKind] = {
    "by": OptionKind.ROLE,
    "part": OptionKind.PART,
    "group": OptionKind.WORD,
    "points": OptionKind.NUMBER,
    "phrases": OptionKind.PHRASES,
    "unless": OptionKind.PHRASES,
}
SIGN_REQUIRED = frozenset({"by", "points", "phrases"})

RULES: Mapping[str, RuleKind] = {
    "phrase": RuleKind(
        answer_phrase,
        {
            "by": OptionKind.ROLE,
            "window": OptionKind.WINDOW,
            "seconds": OptionKind.NUMBER,
            "phrases": OptionKind.PHRASES,
            "loose": OptionKind.PHRASES,
            "doubtful": OptionKind.PHRASES,
            "unless": OptionKind.PHRASES,
            "near": OptionKind.PLAIN,
            "direction": OptionKind.DIRECTION,
        },
        frozenset({"phrases"}),
    ),
    "greeting": RuleKind(
        answer_greeting,
        {
            "variable": OptionKind.VARIABLE,
            "phrases": OptionKind.PHRASES,
            "before_name": OptionKind.PHRASES,
            "not_a_name": OptionKind.PLAIN,
            "near": OptionKind.PLAIN,
        },
        frozenset({"variable", "phrases"}),
    ),
    "absence": RuleKind(
        answer_absence,
        {"phrases": OptionKind.PHRASES, "unless": OptionKind.PHRASES},
        frozenset({"phrases"}),
    ),
    "order": RuleKind(
        answer_order,
        {
            "first": OptionKind.PHRASES,
            "loose": OptionKind.PHRASES,
            "then": OptionKind.PHRASES,
            "unless": OptionKind.PHRASES,
            "near": OptionKind.PLAIN,
        },
        frozenset({"first", "then"}),
    ),
    "restates": RuleKind(
        answer_restates, {"cues": OptionKind.PHRASES, "answers": OptionKind.PHRASES}
    ),
    "empathy": RuleKind(
        answer_empathy,
        {
            "problems": OptionKind.PHRASES,
            "no_problem": OptionKind.PHRASES,
            "phrases": OptionKind.PHRASES,
            "loose": OptionKind.PHRASES,
            "unless": OptionKind.PHRASES,
            "near": OptionKind.PLAIN,
        },
        frozenset({"problems", "phrases"}),
    ),
    "hold": RuleKind(
        answer_hold,
        {
            "ask": OptionKind.PHRASES,
            "tell": OptionKind.PHRASES,
            "consent": OptionKind.PHRASES,
            "back": OptionKind.PHRASES,
            "back_alone": OptionKind.PHRASES,
            "loose": OptionKind.PHRASES,
            "declined": OptionKind.PHRASES,
            "waits": OptionKind.PHRASES,
            "unless": OptionKind.PHRASES,
            "near": OptionKind.PLAIN,
            "near_back": OptionKind.PLAIN,
        },
        frozenset({"ask", "tell", "back"}),
    ),
    "resolution": RuleKind(
        answer_resolution,
        {"bias": OptionKind.NUMBER, "signs": OptionKind.SIGNS},
        frozenset({"signs"}),
    ),
    "trend": RuleKind(answer_trend),
    "mood": RuleKind(
        answer_mood,
        {"aspect": OptionKind.ASPECT, "least": OptionKind.NUMBER},
        frozenset({"aspect"}),
    ),
    "pattern": RuleKind(
        answer_pattern,
        {
            "by": OptionKind.ROLE,
            "window": OptionKind.WINDOW,
            "seconds": OptionKind.NUMBER,
            "patterns": OptionKind.PATTERNS,
            "wanted": OptionKind.WANTED,
        },
        frozenset({"patterns"}),
    ),
    "acoustic": RuleKind(
        answer_acoustic,
        {
            "measure": OptionKind.MEASURE,
            "by": OptionKind.ROLE,
            "least": OptionKind.NUMBER,
            "most": OptionKind.NUMBER,
        },
        frozenset({"measure"}),
        check_limits,
    ),
    "paraphrase": RuleKind(
        answer_paraphrase,
        {
            "by": OptionKind.ROLE,
            "window": OptionKind.WINDOW,
            "seconds": OptionKind.NUMBER,
            "examples": OptionKind.PLAIN,
            "against": OptionKind.PLAIN,
        },
        frozenset({"examples"}),
    ),
    "classifier": RuleKind(
        answer_classifier,
        {"judge": OptionKind.JUDGE, "wanted": OptionKind.WANTED},
        frozenset({"judge"}),
    ),
    "acknowledges": RuleKind(
        answer_acknowledges,
        {
            "by": OptionKind.ROLE,
            "cues": OptionKind.PHRASES,
            "no_cue": OptionKind.PHRASES,
            "phrases": OptionKind.PHRASES,
            "loose": OptionKind.PHRASES,
            "unless": OptionKind.PHRASES,
            "never": OptionKind.PHRASES,
            "near": OptionKind.PLAIN,
            "within": OptionKind.NUMBER,
        },
        frozenset({"cues", "phrases"}),
    ),
    "hours": RuleKind(
        answer_hours,
        {"earliest": OptionKind.WORD, "latest": OptionKind.WORD, "zone": OptionKind.VARIABLE},
        frozenset({"earliest", "latest", "zone"}),
        check_hours,
    ),
    "card_data": RuleKind(answer_card_data, {"code_asked": OptionKind.PHRASES}),
    "event": RuleKind(
        answer_event,
        {"events": OptionKind.PLAIN, "phrases": OptionKind.PHRASES, "unless": OptionKind.PHRASES},
        frozenset({"events", "phrases"}),
        check_events,
    ),
    PERSON: RuleKind(answer_person),
}
