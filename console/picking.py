"""Evidence picked from a transcript by ticking words: a form that works without scripts.

A field `w.3.0.5` is the word at characters 0 to 5 of turn 3 (turns count from 0), `t.3` the whole
turn. Of a turn in which several words are ticked everything from the first to the last is meant.
Long conversations are shown in stretches; what was ticked in another one travels along as `w`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from console.transcript import speaker_of
from core.conversation import Conversation, Role, Turn
from core.errors import BadInput
from core.evaluation import Evidence
from core.spans import TextSpan, TimeSpan

AT_ONCE = 60  # turns on one page: a usual call; six hours of one would be a page of megabytes
TURN_TO = "show"  # the button that shows another stretch
MOST_PIECES = 20  # of evidence for one answer; more is the whole conversation
_WORD = re.compile(r"\S+")
_FIELD = re.compile(r"w\.(\d{1,6})\.(\d{1,7})\.(\d{1,7})|t\.(\d{1,6})")


@dataclass(frozen=True, slots=True)
class Tick:
    """A word that can be ticked; `field` is its name in the form."""

    text: str
    field: str
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class PickTurn:
    """A turn to pick words from; `position` counts from 0."""

    position: int
    role: Role
    who: str
    span: TimeSpan | None
    ticks: tuple[Tick, ...]

    @property
    def is_ticked(self) -> bool:
        """Whether something of it is evidence."""
        return any(tick.is_ticked for tick in self.ticks)


@dataclass(frozen=True, slots=True)
class PickPage:
    """The stretch of turns that is shown, and what was ticked outside of it."""

    turns: tuple[PickTurn, ...]
    first: int
    total: int
    elsewhere: tuple[str, ...]

    @property
    def before(self) -> int | None:
        """Where the stretch before it begins."""
        return max(0, self.first - AT_ONCE) if self.first else None

    @property
    def after(self) -> int | None:
        """Where the stretch behind it begins."""
        after = self.first + AT_ONCE
        return after if after < self.total else None


def picked(form: Mapping[str, str], conversation: Conversation) -> tuple[Evidence, ...]:
    """The evidence that a form's ticks stand for, in the conversation's order.

    Raises:
        BadInput: a tick is not in the conversation, or there are too many.
    """
    places: dict[int, list[TextSpan]] = {}
    for name in form:
        found = _FIELD.fullmatch(name)
        if found is None:
            continue
        position = int(found[1] if found[1] is not None else found[4])
        turn = _turn(conversation, position)
        whole = TextSpan(0, len(turn.text))
        span = whole if found[1] is None else _span(int(found[2]), int(found[3]), whole)
        places.setdefault(position, []).append(span)
    if len(places) > MOST_PIECES:
        raise BadInput(f"{len(places)} turns are too many; {MOST_PIECES} say enough.")
    return tuple(
        Evidence(conversation.turns[position].id, _joined(places[position]))
        for position in sorted(places)
    )


def pick_page(
    conversation: Conversation, evidence: Sequence[Evidence], *, first: int | None = None
) -> PickPage:
    """The stretch that begins at turn `first`; else the one with the first piece of evidence."""
    ids = {turn.id: position for position, turn in enumerate(conversation.turns)}
    spans: dict[int, TextSpan] = {
        ids[piece.turn]: piece.span for piece in evidence if piece.turn in ids
    }
    if first is None:
        first = min(spans, default=0) // AT_ONCE * AT_ONCE
    total = len(conversation.turns)
    first = first if 0 <= first < total else 0
    shown = range(first, min(first + AT_ONCE, total))
    turns = tuple(
        _pick_turn(position, conversation.turns[position], conversation.agent, spans)
        for position in shown
    )
    return PickPage(turns, first, total, tuple(_elsewhere(spans, shown)))


def turned(
    form: Mapping[str, str], conversation: Conversation, evidence: Sequence[Evidence]
) -> PickPage:
    """The stretch that the form's button asks for."""
    first = form.get(TURN_TO, "")
    number = int(first) if first.isdecimal() and len(first) < 7 else 0
    return pick_page(conversation, evidence, first=number)


def _elsewhere(spans: Mapping[int, TextSpan], shown: range) -> Iterable[str]:
    for position, span in spans.items():
        if position not in shown:
            yield f"w.{position}.{span.start}.{span.end}"


def _pick_turn(
    position: int, turn: Turn, agent: str | None, spans: Mapping[int, TextSpan]
) -> PickTurn:
    cited = spans.get(position)
    return PickTurn(
        position=position,
        role=turn.role,
        who=speaker_of(turn, agent),
        span=turn.speech.span if turn.speech else None,
        ticks=tuple(
            Tick(
                text=word.group(),
                field=f"w.{position}.{word.start()}.{word.end()}",
                is_ticked=cited is not None and cited.overlaps(TextSpan(word.start(), word.end())),
            )
            for word in _WORD.finditer(turn.text)
        ),
    )


def _turn(conversation: Conversation, position: int) -> Turn:
    if position >= len(conversation.turns):
        raise BadInput(f"This conversation has no turn {position + 1}; reload the page.")
    return conversation.turns[position]


def _span(start: int, end: int, whole: TextSpan) -> TextSpan:
    if not start < end <= whole.end:
        raise BadInput("These words are not in the transcript any more; reload the page.")
    return TextSpan(start, end)


def _joined(spans: Sequence[TextSpan]) -> TextSpan:
    return TextSpan(min(span.start for span in spans), max(span.end for span in spans))
