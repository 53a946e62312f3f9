"""The packet an agent gets with a conversation: at most 120 words, each line from its turns.

No language model writes it: every line is a label of ours and words of the turns, cut but never
changed. What it carries is measured in benchmarks/handoff.
"""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from core.conversation import Conversation, Role
from core.evaluation import Evidence, SentimentTrace
from core.spans import TextSpan
from language.mood_scale import scale_of
from language.pipeline import Pipeline
from language.sentiment import trace
from language.telling import (
    Value,
    find_name,
    find_outcomes,
    find_values,
    find_wants,
    is_courtesy,
)

MOST_WORDS = 120  # about 40 seconds of reading, while the customer waits
WANT_WORDS, OUTCOME_WORDS, SAID_WORDS = 28, 14, 14  # of one quote, so that none takes it all
SPARE_WORDS = 3  # more, where that leaves it whole: "8 to 12" is no "8"
MOST_WANTS, MOST_OUTCOMES, MOST_SAID = 4, 2, 2
_END = re.compile(r"[.!?…\n]")  # of a sentence, or of a line
KEPT_FOR_OTHERS = 45  # words that values leave: one want, two last words, an outcome
KEPT_FOR_TRIED = 12


class PacketKind(StrEnum):
    """What a line tells; in the order in which they are read."""

    WHO = "who"
    WANTS = "wants"
    TRIED = "tried"
    VALUES = "values"
    MOOD = "mood"
    SAID = "said"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class PacketLine:
    """One line, and the words it rests on; none when it rests on what the store knows."""

    kind: PacketKind
    text: str
    evidence: tuple[Evidence, ...] = ()

    @property
    def words(self) -> int:
        """How many words it takes, its label included."""
        return len(self.text.split())


@dataclass(frozen=True, slots=True)
class Packet:
    """What an agent reads first."""

    lines: tuple[PacketLine, ...]

    @property
    def text(self) -> str:
        """All of it, one line each."""
        return "\n".join(line.text for line in self.lines)

    @property
    def words(self) -> int:
        """How many words it has."""
        return sum(line.words for line in self.lines)

    def line(self, kind: PacketKind) -> PacketLine | None:
        """The line of this kind, if there is one."""
        return next((line for line in self.lines if line.kind is kind), None)


@dataclass(frozen=True, slots=True)
class Known:
    """What channels know beside the turns.

    `verified` are the orders that the customer has shown to be theirs, `shown_in` the turns in
    which they did, `values` what was collected, `tried` the tasks with their outcomes and
    `tried_in` the turns in which these ended; `passed_over` are ids of turns that only ask for a
    person, which says nothing to the one who has come.
    """

    name: str | None = None
    verified: tuple[str, ...] = ()
    shown_in: tuple[str, ...] = ()
    reason: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    tried: tuple[tuple[str, str], ...] = ()
    tried_in: tuple[str, ...] = ()
    passed_over: Collection[str] = ()


# What to do next, by the reason of the handoff: a suggestion, a person decides.
NEXT_STEPS = {
    "order_change": "change the order, then read it back",
    "order_not_found": "look the order up by name and e-mail",
    "not_understood": "ask what they need in one plain question",
    "no_article": "answer their question; it is one that an article should answer",
    "other_language": "answer in their language, or find somebody who speaks it",
    "transferred": "read what your colleague wrote, then go on",
    "falling_mood": "acknowledge the trouble before anything else",
    "legal": "promise nothing; bring in whoever answers for legal matters",
    "regulator": "bring in whoever answers for data protection",
    "discrimination": "listen, acknowledge, bring in a supervisor",
    "bereaved": "say that you are sorry for their loss, and take all of it off them",
    "hardship": "ask what would help; no pressure to pay",
    "vulnerable": "ask what would help and adapt the pace",
    "self_harm": "listen; make sure that they are safe, then bring in a supervisor",
    "emergency": "make sure that they are safe first",
    "payment_failed": "see whether anything was charged, then take the payment",
    "no_answer": "say sorry for the wait, then answer",
}
CHECK_IDENTITY = "verify who they are first"
ANSWER = "answer what they asked last"


def make_packet(
    conversation: Conversation,
    *,
    pipeline: Pipeline,
    known: Known | None = None,
    mood: SentimentTrace | None = None,
) -> Packet:
    """The packet of a conversation as it stands; lines that would be empty are left out.

    Args:
        mood: of the conversation; without it the default model is asked here and now.
    """
    facts = known or Known()
    kept = tuple(turn for turn in conversation.turns if turn.id not in facts.passed_over)
    talk = replace(conversation, turns=kept)
    given = find_values(talk, pipeline)
    lines = [_who(talk, facts, given), _mood(talk, mood or trace(talk)), _next(talk, facts)]
    left = MOST_WORDS - _words(lines)
    lines.append(_gave(talk, facts, given, left - KEPT_FOR_OTHERS))
    lines.append(_wants(talk, MOST_WORDS - _words(lines) - SAID_WORDS - KEPT_FOR_TRIED))
    lines.append(_said(talk, MOST_WORDS - _words(lines) - KEPT_FOR_TRIED))
    lines.append(_tried(talk, facts, MOST_WORDS - _words(lines)))
    order = list(PacketKind)
    present = [line for line in lines if line is not None]
    return Packet(tuple(sorted(present, key=lambda line: order.index(line.kind))))


def _words(lines: Iterable[PacketLine | None]) -> int:
    return sum(line.words for line in lines if line is not None)


def _who(talk: Conversation, facts: Known, given: tuple[Value, ...]) -> PacketLine | None:
    """Their name, and whether they have shown who they are."""
    named = find_name(talk, given)
    called = () if named is None or facts.name else (named,)
    evidence = (*called, *_whole(talk, facts.shown_in))
    name = facts.name or (named.quote(talk) if named else "")
    if facts.verified:
        proof = f"verified, order {', '.join(facts.verified[-2:])}"
    else:
        proof = "not verified"
    return PacketLine(PacketKind.WHO, f"Who: {f'{name}, ' if name else ''}{proof}", evidence)


def _whole(talk: Conversation, turns: Iterable[str]) -> tuple[Evidence, ...]:
    """These turns from end to end; one that is not there, or empty, is left out."""
    found = (talk.turn(one) for one in dict.fromkeys(turns))
    return tuple(
        Evidence(turn.id, TextSpan(0, len(turn.text))) for turn in found if turn and turn.text
    )


def _wants(talk: Conversation, budget: int) -> PacketLine | None:
    """What they asked for, first and last before what lies between."""
    wants = list(find_wants(talk))
    ranked = [*wants[:1], *wants[-1:], *wants[1:-1]] if len(wants) > 1 else wants
    quotes = _fitting(talk, ranked, budget - 1, most=MOST_WANTS, longest=WANT_WORDS)
    return _quoted(PacketKind.WANTS, "Wants:", talk, _in_order(talk, quotes))


def _tried(talk: Conversation, facts: Known, budget: int) -> PacketLine | None:
    """The tasks and what came of them, then the last outcomes in their own words."""
    done = [f"{task.replace('_', ' ')} ({outcome})" for task, outcome in facts.tried]
    while done and len(f"Tried: {'; '.join(done)}".split()) > budget:
        done.pop(0)
    left = budget - len(f"Tried: {'; '.join(done)}".split())
    last = list(reversed(find_outcomes(talk)))
    quotes = _fitting(talk, last, left, most=MOST_OUTCOMES, longest=OUTCOME_WORDS)
    line = _quoted(PacketKind.TRIED, f"Tried: {'; '.join(done)}".strip(), talk,
                   _in_order(talk, quotes))  # fmt: skip
    ended = _whole(talk, facts.tried_in) if done else ()
    if line is None:
        return PacketLine(PacketKind.TRIED, f"Tried: {'; '.join(done)}", ended) if done else None
    return replace(line, evidence=(*ended, *line.evidence))


def _gave(
    talk: Conversation, facts: Known, given: tuple[Value, ...], budget: int
) -> PacketLine | None:
    """Values: those channels verified or collected, then the customer's own; each once."""
    parts = [
        f"{name.replace('_', ' ')} {value}"
        for name, value in facts.values.items()
        if value and value.upper() not in facts.verified
    ]
    seen = {value.casefold() for value in facts.values.values()}
    evidence: list[Evidence] = []
    named = _with_labels(talk, given, budget - sum(len(part.split()) for part in parts) - 1)
    for value in given:
        quote = value.evidence.quote(talk)
        said = f"{value.label}: {quote}" if named and value.label else quote
        is_full = 1 + sum(len(part.split()) for part in (*parts, said)) > budget
        if quote.casefold() not in seen and not is_full:
            seen.add(quote.casefold())
            parts.append(said)
            evidence.append(value.evidence)
    text = f"Gave: {'; '.join(parts)}"
    return PacketLine(PacketKind.VALUES, text, tuple(evidence)) if parts else None


def _with_labels(talk: Conversation, given: tuple[Value, ...], budget: int) -> bool:
    """Whether all values fit with what each was asked as; else they come without."""
    once = {value.evidence.quote(talk).casefold(): value for value in given}.values()
    return budget >= sum(
        len(f"{value.label} {value.evidence.quote(talk)}".split()) for value in once
    )


def _mood(talk: Conversation, moods: SentimentTrace) -> PacketLine | None:
    """How the customer sounds now, and whether that has changed."""
    if not moods.turns:
        return None
    scale = scale_of(moods.model)
    last_id, last = max(moods.turns[-2:], key=lambda one: abs(one[1]))
    name = "good" if last >= scale.good else "bad" if last <= scale.bad else "neutral"
    shift = moods.shift or 0.0
    trend = "rising" if shift >= scale.turned else "steady"
    trend = "falling" if shift <= -scale.turned else trend
    turn = talk.turn(last_id)
    proof = (Evidence(last_id, TextSpan(0, len(turn.text))),) if turn else ()
    return PacketLine(PacketKind.MOOD, f"Mood: {name}, {trend}", proof)


def _said(talk: Conversation, budget: int) -> PacketLine | None:
    """The last two things the customer said; thanks and yes only when there is nothing else."""
    mine = [turn for turn in talk.turns if turn.role is Role.CUSTOMER and turn.text.strip()]
    telling = [turn for turn in mine if not is_courtesy(turn.text)] or mine
    last = [
        Evidence(turn.id, TextSpan(0, len(turn.text))) for turn in reversed(telling[-MOST_SAID:])
    ]
    quotes = _fitting(talk, last, budget - 1, most=MOST_SAID, longest=SAID_WORDS)
    return _quoted(PacketKind.SAID, "Last:", talk, _in_order(talk, quotes))


def _next(talk: Conversation, facts: Known) -> PacketLine:
    """What an agent would do first."""
    step = NEXT_STEPS.get(facts.reason or "", ANSWER)
    is_personal = bool(facts.values) or (facts.reason or "").startswith("order")
    if is_personal and not facts.verified:
        step = CHECK_IDENTITY if step == ANSWER else f"{CHECK_IDENTITY}; {step}"
    mine = [turn for turn in talk.turns if turn.role is Role.CUSTOMER and turn.text.strip()]
    last = (Evidence(mine[-1].id, TextSpan(0, len(mine[-1].text))),) if mine else ()
    return PacketLine(PacketKind.NEXT, f"Next: {step}", last if step == ANSWER else ())


def _fitting(
    talk: Conversation, wanted: list[Evidence], budget: int, *, most: int, longest: int
) -> list[Evidence]:
    """As many as fit, each cut after some `longest` words; one that repeats another is left out."""
    taken: list[Evidence] = []
    for one in wanted:
        size = len(one.quote(talk).split())
        allowed = size if size <= longest + SPARE_WORDS else longest
        cut = _cut(talk, one, min(allowed, budget))
        if cut is None or len(taken) == most or any(_repeats(talk, cut, o) for o in taken):
            continue
        budget -= len(cut.quote(talk).split())
        taken.append(cut)
    return taken


def _repeats(talk: Conversation, one: Evidence, other: Evidence) -> bool:
    is_same_place = one.turn == other.turn and one.span.overlaps(other.span)
    return is_same_place or one.quote(talk) == other.quote(talk)


def _cut(talk: Conversation, evidence: Evidence, most: int) -> Evidence | None:
    """The first `most` words of a quote; None when fewer than two of several would be left."""
    words = evidence.quote(talk).split()
    if most < 1 or (most < 2 <= len(words)):
        return None
    quote, end = evidence.quote(talk), 0
    for word in words[:most]:
        end = quote.index(word, end) + len(word)
    return Evidence(evidence.turn, TextSpan(evidence.span.start, evidence.span.start + end))


def _in_order(talk: Conversation, quotes: list[Evidence]) -> tuple[Evidence, ...]:
    places = {turn.id: place for place, turn in enumerate(talk.turns)}
    return tuple(sorted(quotes, key=lambda one: (places[one.turn], one.span.start)))


def _quoted(
    kind: PacketKind, label: str, talk: Conversation, quotes: tuple[Evidence, ...]
) -> PacketLine | None:
    if not quotes:
        return None
    said = " ".join(f"“{one.quote(talk)}{_more(talk, one)}”" for one in quotes)
    return PacketLine(kind, f"{label} {said}", quotes)


def _more(talk: Conversation, quote: Evidence) -> str:
    """The sign of a quote that ends before its sentence does."""
    turn = talk.turn(quote.turn)
    if turn is None or _END.match(quote.quote(talk)[-1]):
        return ""
    left = _END.split(turn.text[quote.span.end :], maxsplit=1)[0]
    return "…" if any(map(str.isalnum, left)) else ""


def packet_out(packet: Packet) -> str:
    """The packet as JSON, for the store."""
    rows = [
        {
            "kind": line.kind.value,
            "text": line.text,
            "evidence": [[one.turn, one.span.start, one.span.end] for one in line.evidence],
        }
        for line in packet.lines
    ]
    return json.dumps(rows, ensure_ascii=False)


def packet_in(text: str) -> Packet:
    """What `packet_out` wrote."""
    return Packet(
        tuple(
            PacketLine(
                PacketKind(row["kind"]),
                row["text"],
                tuple(Evidence(t, TextSpan(start, end)) for t, start, end in row["evidence"]),
            )
            for row in json.loads(text)
        )
    )
