"""What of a conversation tells most: requests, values given, outcomes. Each is a place in a turn.

Works on any conversation of the exchange format, with a bot or between two people; every quote is
read from its turn, so it is verbatim by construction.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from core.conversation import Conversation, Role, Turn
from core.evaluation import Evidence
from core.spans import TextSpan
from language.details import SYMBOLS, find_details
from language.pipeline import Pipeline
from language.word_lists import load_words

LONGEST_READ = 600  # characters of a turn that are read; a packet holds 120 words in all
SHORT_ANSWER = 8  # words; a longer answer to a question is a story, its details are picked out
LONGEST_VALUE = 5  # words; longer ones are sentences
NAME_ALONE = 5  # words: 'Hi, my name is John.' asks for nothing

_SENTENCE = re.compile(
    r"[^.!?\n]+(?:(?:(?<=\b[DM]r)\.|(?<=\bMrs)\.|(?<=\bM[sr])\.|(?<=\bSt)\.|[.!?]+(?!\s|$))"
    r"[^.!?\n]+)*[.!?]*"
)
_WANTS = re.compile(
    r"\b(?:want|need|like to|'d like|would like|looking for|look for|wish|wanna|trying to|have to"
    r"|can (?:i|you|we)|could (?:i|you|we)|can't|cannot|won't|please|help me|is there|are there"
    r"|where(?:'s| is| are)|what(?:'s| is| are)|when(?:'s| is| are| will)|how (?:do|can|much|many)"
    r"|problem|wrong|broken|damaged|missing|lost|stolen|never|has(?:n't| not)|have(?:n't| not)"
    r"|cancel|change|move|return|refund|book|order|complain|find|get me|going to)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\?|\b(?:please|could you|can you|may i have|what is|which)\b|^(?:enter|tell|give)",
    re.IGNORECASE,
)
_OUTCOME = re.compile(
    r"\b(?:sorry|unfortunately|cannot|can't|could not|couldn't|unable|not (?:available|possible"
    r"|found|authori[sz]ed|valid|open)|no longer|too late|successful(?:ly)?|confirmed|booked"
    r"|cancelled|submitted|reserved|scheduled|arranged|delivered|on its way|has been|have been"
    r"|is now|are now|was (?:sent|made|changed)|will (?:be|arrive|contact|come)|is on|failed"
    r"|i have (?:changed|sent|booked|found|opened|moved)|found (?:a|an|one|the))\b",
    re.IGNORECASE,
)
_LABELS = (
    re.compile(r"\bname of (?:your|the) ([a-z'’]+)", re.IGNORECASE),
    re.compile(r"\b(how (?:many|much|long))\b", re.IGNORECASE),
    re.compile(
        r"\b(?:what|which) (?!is\b|was\b|are\b|were\b|would\b|do\b|can\b|should\b|will\b)([a-z]+)",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?:your|the) ((?:[a-z'’]+ ){0,2}[a-z'’]+)", re.IGNORECASE),
    re.compile(r"\b(when|where|who)\b", re.IGNORECASE),
)
_LABEL_ENDS = re.compile(
    r"\s+(?:you|please|to|for|of|on|in|at|as|so|now|and|or|is|was|be|with|that|had|have|would"
    r"|type)\b.*",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"\b[A-Z][\w'’&-]*(?:\s+(?:&\s+|of\s+|the\s+)?[A-Z][\w'’&-]*)*")
_CALLED = re.compile(
    r"\b(?:my name(?:'s|’s| is)|i am|i'm|i’m|this is|name is)\s+"
    r"([A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+)?)(?!\w)",
    re.IGNORECASE,
)
_BETWEEN = frozenset({" ", "-", " - ", " to ", " till ", " until "})  # 'May 8th to 22nd' is one
_TAIL = re.compile(r"[\s,;:]+(?:i|a)\Z", re.IGNORECASE)
_CODES = re.compile(r"\b(?=[\w:/.-]*\d)[\w:/.-]*\w")
# 'no hang on, can you deliver it instead' answers, and wishes for something else
_TURNS_AWAY = re.compile(
    r"\W*(?:no|nope|nah|actually|wait|hang on|hold on)\b(?:\W+\w+){3}", re.IGNORECASE
)
_PROPOSES = re.compile(
    r"(?:shall (?:i|we)|should i|is that (?:right|correct))\b[^?]*\?", re.IGNORECASE
)
_LEADS = re.compile(
    r"(?:(?:yes|yeah|yep|ok|okay|sure|well|oh|um|uh|no|please|thanks?|thank you|hi|hello|hey|ah"
    r"|it'?s|its|it is|i'?m|i am|my name is|this is|the|a|an|it should be|that'?s|that is|for|on"
    r"|at|in|i think|maybe|let'?s say|just|my)\b[\s,.:!-]*)+",
    re.IGNORECASE,
)
_OWN_NAMES = frozenset({"name", "full name", "first name", "last name", "your name"})


@dataclass(frozen=True, slots=True)
class Value:
    """Something the customer gave, and what it was asked as, where a question came before it."""

    evidence: Evidence
    label: str = ""


def is_courtesy(text: str) -> bool:
    """Whether a text says nothing but greetings, thanks, yes and no."""
    words = re.findall(r"[a-z']+|\d+", text[:LONGEST_READ].casefold().replace("’", "'"))
    empty = load_words("courtesies")
    return all(word in empty for word in words)


def sentences(turn: Turn) -> Iterator[Evidence]:
    """The sentences of a turn that say something, trimmed."""
    for found in _SENTENCE.finditer(turn.text[:LONGEST_READ]):
        said = found.group()
        start = found.start() + len(said) - len(said.lstrip())
        end = found.start() + len(said.rstrip())
        if end > start and not is_courtesy(said):
            yield Evidence(turn.id, TextSpan(start, end))


def find_wants(conversation: Conversation) -> tuple[Evidence, ...]:
    """Sentences in which the customer asks for something; the first they say is always one."""
    found: list[Evidence] = []
    before: Turn | None = None
    for turn in conversation.turns:
        if turn.role is Role.CUSTOMER:
            is_answer = before is not None and bool(found) and is_question(before)
            is_answer = is_answer and _TURNS_AWAY.match(turn.text) is None
            found += [
                one
                for one in sentences(turn)
                if (not found and not _is_name_alone(one.span.of(turn.text)))
                or (_is_request(one.span.of(turn.text)) and not is_answer)
            ]
        before = turn
    return tuple(found)


def find_outcomes(conversation: Conversation) -> tuple[Evidence, ...]:
    """Sentences of the bot or the agents that tell what came of something.

    What waits for a yes is none, but where it is the last that was said: then with its question.
    """
    told = [turn for turn in conversation.turns if turn.role in (Role.BOT, Role.AGENT)]
    return tuple(one for turn in told for one in _outcomes_of(turn, is_last=turn is told[-1]))


def _outcomes_of(turn: Turn, *, is_last: bool) -> Iterator[Evidence]:
    own = list(sentences(turn))
    for one, behind in zip_longest(own, own[1:]):
        said = one.span.of(turn.text)
        if not _OUTCOME.search(said) or said.endswith("?"):
            continue
        if behind is None or not _PROPOSES.fullmatch(behind.span.of(turn.text).strip()):
            yield one
        elif is_last:
            yield Evidence(turn.id, TextSpan(one.span.start, behind.span.end))


def find_values(conversation: Conversation, pipeline: Pipeline) -> tuple[Value, ...]:
    """What the customer gave, in order: short answers whole, names, numbers, dates and codes."""
    found: list[Value] = []
    question: Turn | None = None
    for turn in conversation.turns:
        if turn.role is not Role.CUSTOMER:
            question = turn
            continue
        label = label_of(question.text) if question is not None and is_question(question) else ""
        for span in _values_in(turn, pipeline, is_answer=bool(label)):
            found.append(Value(Evidence(turn.id, span), label))
            label = ""  # of several values in one answer the first is what was asked for
        question = None
    return tuple(found)


def find_name(conversation: Conversation, given: tuple[Value, ...]) -> Evidence | None:
    """What the customer says they are called, of their own accord or when asked."""
    for turn in conversation.turns:
        found = _CALLED.search(turn.text[:LONGEST_READ]) if turn.role is Role.CUSTOMER else None
        if found and _is_called(found.group(1)):
            return Evidence(turn.id, TextSpan(*found.span(1)))
    asked = (value for value in given if value.label.split()[-1:] == ["name"])
    return next((v.evidence for v in asked if v.label in _OWN_NAMES), None)


def _is_called(name: str) -> bool:
    return all(
        word[0].isupper() and word.casefold() not in load_words("sentence_starts")
        for word in name.split()
    )


def is_question(turn: Turn) -> bool:
    """Whether somebody asked the customer for something."""
    return turn.role is not Role.CUSTOMER and _ASKS.search(turn.text[-LONGEST_READ:]) is not None


def label_of(question: str) -> str:
    """What a question asks for, in its own words: 'What is your account number?' → account number.

    Empty where it does not say so plainly.
    """
    last = (question[-LONGEST_READ:].strip().splitlines() or [""])[-1]
    for pattern in _LABELS:
        found = pattern.search(last)
        if found:
            name = _LABEL_ENDS.sub("", f"{found.group(1)} ").strip().casefold()
            if name:
                return name
    return ""


def _is_name_alone(text: str) -> bool:
    return len(text.split()) <= NAME_ALONE and _CALLED.search(text) is not None


def _is_request(text: str) -> bool:
    return len(text.split()) > 2 and _WANTS.search(text) is not None


def _values_in(turn: Turn, pipeline: Pipeline, *, is_answer: bool) -> list[TextSpan]:
    text = turn.text[:LONGEST_READ]
    whole = _short_answer(text) if is_answer else None
    if whole is not None:
        return [whole]
    spans = [detail.span for detail in find_details(pipeline.read(text))]
    spans += [TextSpan(*found.span()) for found in _CODES.finditer(text)]
    spans += [_name(found) for found in _CAPITALS.finditer(text) if _is_name(found, text)]
    return _joined(text, spans)


def _short_answer(text: str) -> TextSpan | None:
    """A short answer without 'it's', 'please' and the like; None when it says only yes or no."""
    said = text.rstrip(" .!,\n")
    if len(said.split()) > SHORT_ANSWER or said.endswith("?") or is_courtesy(said):
        return None
    lead = _LEADS.match(said)
    start = lead.end() if lead and lead.end() < len(said) else 0
    if len(said[start:].split()) > LONGEST_VALUE:
        return None
    return TextSpan(start, len(said)) if said[start:].strip() else None


def _is_name(found: re.Match[str], text: str) -> bool:
    """A word with a capital where none is due, or one that can open no sentence."""
    first = found.group().split()[0].casefold().replace("’", "'")
    before = text[: found.start()].rstrip()
    is_start = not before or before[-1] in ".!?"
    is_alone = len(found.group().split()) == 1
    is_letter = found.group().isupper() and len(found.group()) < 2
    if is_alone and (is_letter or first in load_words("sentence_starts")):
        return False
    return not is_start or not is_alone or first in load_words("first_names")


def _name(found: re.Match[str]) -> TextSpan:
    """The name without a word before it that has its capital from the sentence: 'Hi Ben'."""
    no_names = load_words("sentence_starts")
    start, words = found.start(), found.group().split()
    while len(words) > 1 and words[0].casefold().replace("’", "'") in no_names:
        rest = found.string[start : found.end()]
        start += len(words[0]) + len(rest[len(words[0]) :]) - len(rest[len(words[0]) :].lstrip())
        words = words[1:]
    return TextSpan(start, found.end())


def _joined(text: str, spans: list[TextSpan]) -> list[TextSpan]:
    """In order, those that overlap made one, too long ones left out."""
    joined: list[TextSpan] = []
    for span in sorted(spans):
        if joined and (
            span.start <= joined[-1].end or text[joined[-1].end : span.start] in _BETWEEN
        ):
            joined[-1] = TextSpan(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    trimmed = [_trimmed(text, span) for span in joined]
    return [span for span in trimmed if 0 < len(span.of(text).split()) <= LONGEST_VALUE]


def _trimmed(text: str, span: TextSpan) -> TextSpan:
    """With the currency's sign before it, without an 'I' that only follows it."""
    start = span.start - (span.start > 0 and text[span.start - 1] in SYMBOLS)
    tail = _TAIL.search(span.of(text))
    end = span.start + tail.start() if tail else span.end
    return TextSpan(start, max(start, end))
