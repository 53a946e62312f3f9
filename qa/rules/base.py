"""What every rule works with: the conversation in passages, windows of it, and its findings."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.conversation import Conversation, Role, Turn
from core.evaluation import Evidence, Finding, SentimentTrace, Verdict
from core.scorecard import Question
from core.spans import TextSpan
from language.phrase_set import Match
from language.pipeline import Pipeline, Reading
from language.word_places import WordPlaces
from qa.vectors import Vectors

OPENING_TURNS = 4  # of one speaker; by eye on 60 dialogues of STAR, names and offers fall in these
LEAST_OPENING = 2  # passages, where a conversation has three: 'hello', the offer, the end
OPENING_SECONDS = 45.0  # of a call: room for a recording notice before the greeting
CLOSING_TURNS = 3  # of one speaker, counted from the end
CLOSING_SECONDS = 20.0  # a recogniser may cut one goodbye into many turns
WINDOW_SHOWN = 3  # turns cited for what was not found: enough to check in five seconds
EXACT = 0.95  # a phrase found word for word; this and the next by hand on the table of tests/qa
LOOSE = 0.75  # a phrase that usually, not always, does what is asked
ABSENT = 0.08  # probability of yes when nothing was found in written words
ABSENT_HEARD = 0.15  # the same when a recogniser may have lost the words
NEGATIONS = frozenset({"not", "never", "no", "cannot", "unable", "without", "nor", "neither"})
NEGATION_REACH = 3  # words before a phrase in which a negation turns it


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive turns of one speaker read as one text; `order` counts passages from 0."""

    order: int
    role: Role
    turns: tuple[Turn, ...]
    reading: Reading

    @property
    def start(self) -> float | None:
        """When it began, in a call."""
        speech = self.turns[0].speech
        return speech.span.start if speech else None

    def evidence(self, span: TextSpan) -> tuple[Evidence, ...]:
        """The span as evidence: one piece for each turn that it touches."""
        pieces, offset = [], 0
        for turn in self.turns:
            start = max(span.start - offset, 0)
            end = min(span.end - offset, len(turn.text))
            if start < end:
                pieces.append(Evidence(turn.id, TextSpan(start, end)))
            offset += len(turn.text) + 1
        return tuple(pieces)


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation made ready to be questioned; `vectors` is None without the encoder,
    `tongue` the language it is in where that is known.
    """

    conversation: Conversation
    passages: tuple[Passage, ...]
    pipeline: Pipeline
    variables: Mapping[str, str]
    sentiment: SentimentTrace
    vectors: Vectors | None = None
    tongue: str | None = None

    _by_role: dict[Role, tuple[Passage, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _places: WordPlaces | None = field(default=None, init=False, repr=False, compare=False)

    def by(self, role: Role) -> tuple[Passage, ...]:
        """The passages of one role, in order."""
        if role not in self._by_role:
            self._by_role[role] = tuple(one for one in self.passages if one.role is role)
        return self._by_role[role]

    @property
    def places(self) -> WordPlaces:
        """Where the words of all passages stand, so that a phrase is looked for in all at once."""
        places = self._places
        if places is None:
            places = WordPlaces([one.reading for one in self.passages])
            object.__setattr__(self, "_places", places)
        return places

    @property
    def absent(self) -> float:
        """Probability that a thing not found was there all the same."""
        return ABSENT_HEARD if self.conversation.is_voice else ABSENT


@dataclass(frozen=True, slots=True)
class Said:
    """A phrase found in a passage."""

    passage: Passage
    match: Match

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in the conversation, to be compared."""
        return self.passage.order, self.match.start

    @property
    def span(self) -> TextSpan:
        """Its characters in the passage, from the start of a word: "don't owe", not "n't owe"."""
        span, text = self.passage.reading.span(self.match.start, self.match.end), self.text
        start = span.start
        while start and text[start - 1].isalnum() and text[start].isalnum():
            start -= 1
        return TextSpan(start, span.end)

    @property
    def text(self) -> str:
        """What the whole passage says."""
        return self.passage.reading.text

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Its words, verbatim."""
        return self.passage.evidence(self.span)


def passages_of(conversation: Conversation, pipeline: Pipeline) -> tuple[Passage, ...]:
    """Join consecutive turns of one role, so that a phrase cut between two is found."""
    groups: list[list[Turn]] = []
    for turn in conversation.turns:
        if not turn.text.strip():
            continue
        if groups and groups[-1][0].role is turn.role:
            groups[-1].append(turn)
        else:
            groups.append([turn])
    return tuple(
        Passage(order, group[0].role, tuple(group), pipeline.read(" ".join(t.text for t in group)))
        for order, group in enumerate(groups)
    )


def opening(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The first passages of a speaker, by count or, in a call, by time; at most half of them.

    A call of four passages ends with 'thank you for choosing us', which is no greeting.
    """
    half = max(LEAST_OPENING, (len(passages) + 1) // 2)
    return tuple(
        passage
        for count, passage in enumerate(passages[:half])
        if count < OPENING_TURNS or (passage.start is not None and passage.start < OPENING_SECONDS)
    )


def closing(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The last passages of a speaker, by count or, in a call, by time.

    Never the first one, and none of the first half: 'thanks for calling' greets there.
    """
    if not passages:
        return ()
    last, half = passages[-1].start, len(passages) // 2
    return tuple(
        passage
        for count, passage in enumerate(passages)
        if count >= max(1, half)
        and (
            count >= len(passages) - CLOSING_TURNS
            or (
                (passage.start is not None and last is not None)
                and passage.start > last - CLOSING_SECONDS
            )
        )
    )


def say(
    case: Case,
    passages: Iterable[Passage],
    phrases: tuple[str, ...],
    unless: tuple[str, ...] = (),
) -> tuple[Said, ...]:
    """Where `phrases` are said and meant: not negated, and not within what `unless` describes."""
    found = say_or_deny(case, passages, phrases, unless)
    return tuple(said for said in found if not is_negated(said.passage.reading, said.match))


def say_or_deny(
    case: Case,
    passages: Iterable[Passage],
    phrases: tuple[str, ...],
    unless: tuple[str, ...] = (),
) -> tuple[Said, ...]:
    """Where `phrases` are said, negated or not, and not within what `unless` describes.

    `passages`: some of the case's, in order.
    """
    places = case.places
    wanted = case.pipeline.phrases(phrases)
    matches = wanted.find(places, places.all_of(one.order for one in passages))
    if not matches:
        return ()
    excused = case.pipeline.phrases(unless)
    orders = [bisect_right(places.starts, match.start) - 1 for match in matches]
    excuses = excused.find(places, places.all_of(orders))
    found = []
    for order, match in zip(orders, matches, strict=True):
        if any(match.start < excuse.end and excuse.start < match.end for excuse in excuses):
            continue
        start = places.starts[order]
        found.append(Said(case.passages[order], Match(match.start - start, match.end - start)))
    return tuple(found)


def is_negated(reading: Reading, match: Match) -> bool:
    """Whether a negation stands shortly before the phrase, in its own sentence.

    'no' and 'not' at the very start of a sentence answer what went before ('No, have a good day').
    """
    for place in range(max(0, match.start - NEGATION_REACH), match.start):
        if reading.sentences[place] != reading.sentences[match.start]:
            continue
        is_reply = reading.words[place] == "no" or not reading.words[place].isalpha()
        if reading.words[place] in NEGATIONS and not is_reply:
            return True
    return False


def yes(
    question: Question, probability: float, reason: str, evidence: Sequence[Evidence]
) -> Finding:
    """The wanted thing holds."""
    return Finding(
        question.id, Verdict.YES, probability, reason, tuple(evidence), probability=probability
    )


def no(
    question: Question, probability: float, reason: str, evidence: Sequence[Evidence]
) -> Finding:
    """It does not; `probability` is still that of yes."""
    confidence = round(1 - probability, 4)
    return Finding(
        question.id, Verdict.NO, confidence, reason, tuple(evidence), probability=probability
    )


def unsure(
    question: Question, probability: float | None, reason: str, evidence: Sequence[Evidence] = ()
) -> Finding:
    """It goes to a person; an even chance when nothing is known."""
    return Finding(
        question.id, Verdict.UNSURE, 0.5, reason, tuple(evidence), probability=probability
    )


def not_applicable(
    question: Question, reason: str, *, confidence: float = EXACT, evidence: Sequence[Evidence] = ()
) -> Finding:
    """The question does not arise."""
    return Finding(question.id, Verdict.NOT_APPLICABLE, confidence, reason, tuple(evidence))


def window_evidence(passages: Sequence[Passage]) -> tuple[Evidence, ...]:
    """What was searched, as the first whole turns of it."""
    turns = [turn for passage in passages for turn in passage.turns]
    return tuple(Evidence(turn.id, TextSpan(0, len(turn.text))) for turn in turns[:WINDOW_SHOWN])


def texts(question: Question, option: str) -> tuple[str, ...]:
    """An option that is a list of texts; empty where it is not given."""
    value = question.options.get(option, ())
    return tuple(map(str, value)) if isinstance(value, tuple | list) else ()
