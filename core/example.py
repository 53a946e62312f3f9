"""A good example: a few turns of one conversation that show how a thing is done well."""

from dataclasses import dataclass
from datetime import datetime
from itertools import dropwhile

from core.coaching import LONGEST_NOTE, check_skill
from core.conversation import Conversation, Turn, check_aware
from core.errors import BadInput
from core.spans import TimeSpan

LONGEST_TITLE = 100  # characters
MOST_SECONDS = 180.0  # a snippet and not the call, by our own choice: what one listens to at once
MOST_TURNS = 20  # the same to read
LEAST_SECONDS = 0.5  # shorter, nothing is understood
ROUNDING = 0.05  # seconds; people type tenths of them


@dataclass(frozen=True, slots=True)
class Example:
    """From turn `first` to turn `last` (ids); `span` are the seconds that play, None of a chat.

    Agents see it once a supervisor has published it, and of its conversation nothing else.
    """

    id: str
    conversation: str
    first: str
    last: str
    span: TimeSpan | None
    title: str
    skill: str
    why: str
    made_by: str
    made_at: datetime
    published_at: datetime | None = None
    published_by: str | None = None

    def __post_init__(self) -> None:
        check_aware(self.made_at, "made_at")
        check_aware(self.published_at, "published_at")
        check_skill(self.skill)
        if not self.title.strip() or len(self.title) > LONGEST_TITLE:
            raise BadInput(f"Give the example a title of at most {LONGEST_TITLE} characters.")
        if not self.why.strip():
            raise BadInput("Say in a few words why this is good; that is what others learn from.")
        if len(self.why) > LONGEST_NOTE:
            raise BadInput(
                f"The reason has {len(self.why):,} characters; {LONGEST_NOTE:,} at most."
            )

    @property
    def is_published(self) -> bool:
        """Whether agents see it."""
        return self.published_at is not None


def said_in(conversation: Conversation, first: str, last: str) -> tuple[Turn, ...]:
    """The turns from `first` to `last`; empty when one of them is not there, or they are turned."""
    following = list(dropwhile(lambda turn: turn.id != first, conversation.turns))
    ids = [turn.id for turn in following]
    return tuple(following[: ids.index(last) + 1]) if last in ids else ()


def heard_of(turn: Turn, span: TimeSpan | None) -> str:
    """The words of a turn that are spoken in `span`, verbatim; all of them where none is given."""
    if span is None or turn.speech is None:
        return turn.text
    places = [
        place
        for word, place in zip(turn.speech.words, turn.word_spans(), strict=True)
        if place is not None and word.span.overlap(span) > 0
    ]
    if not places:
        return turn.text if not turn.speech.words else ""
    return turn.text[places[0].start : places[-1].end]


def spoken_in(turns: tuple[Turn, ...]) -> TimeSpan | None:
    """From where the first of the turns begins to where the last one ends; None of written ones."""
    spans = [turn.speech.span for turn in turns if turn.speech]
    if not spans:
        return None
    return TimeSpan(min(span.start for span in spans), max(span.end for span in spans))


def check_snippet(
    conversation: Conversation, first: str, last: str, span: TimeSpan | None
) -> TimeSpan | None:
    """The seconds that play, those of the turns themselves when none are given.

    Raises:
        BadInput: there are no such turns, too many of them, or the seconds leave them.
    """
    turns = said_in(conversation, first, last)
    if not turns:
        raise BadInput("Choose a first and a last turn of this conversation, in their order.")
    if len(turns) > MOST_TURNS:
        raise BadInput(f"{len(turns)} turns are no snippet; choose {MOST_TURNS} at most.")
    whole = spoken_in(turns)
    if whole is None or conversation.recording is None:
        if span is not None:
            raise BadInput("This conversation has no sound, so there are no seconds to play.")
        return None
    return _seconds_of(span or whole, whole)


def _seconds_of(wanted: TimeSpan, whole: TimeSpan) -> TimeSpan:
    if wanted.start < whole.start - ROUNDING or wanted.end > whole.end + ROUNDING:
        raise BadInput(
            f"The turns are spoken from second {whole.start:.1f} to {whole.end:.1f}; what plays "
            "must lie in them, as their words are all that is shown."
        )
    chosen = TimeSpan(max(wanted.start, whole.start), min(wanted.end, whole.end))
    if not LEAST_SECONDS <= chosen.duration <= MOST_SECONDS:
        raise BadInput(
            f"{chosen.duration:.1f} seconds are no snippet; play at least {LEAST_SECONDS} and at "
            f"most {MOST_SECONDS:.0f}."
        )
    return chosen
