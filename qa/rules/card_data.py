"""No card number and no security code is left in what was written down, and so in the sound.

Source: PCI DSS 4.0.1, requirements 3.3.1.2 (no security code is kept) and 3.5.1 (no card number is
readable where it is kept); DOMAIN "Starter compliance packs".
"""

from collections.abc import Iterator
from dataclasses import dataclass

from core.conversation import Conversation, EventKind, Turn
from core.evaluation import Evidence, Finding
from core.scorecard import Question
from core.spans import TextSpan
from language.card_details import find_card_details
from language.cards import ISSUERS, LONGEST, SHORTEST, find_cards
from language.values.spoken import find_digits
from qa.rules.base import Case, Passage, no, say, texts, unsure, window_evidence, yes

FOUND = 0.03  # probability of yes when a checksum holds: one number in ten of that length
CLEAN = 0.95  # when nothing was found; the same heard, where a recogniser may have lost digits
CLEAN_HEARD = 0.85
CODE_LENGTHS = (3, 4)  # digits of a security code
SILENCED = frozenset({EventKind.MUTED, EventKind.RECORDING_PAUSED})


@dataclass(frozen=True, slots=True)
class Left:
    """Card data that is still there; `is_sure` when its checksum holds or it was asked for."""

    turn: Turn
    span: TextSpan
    what: str
    is_sure: bool

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Its place; the digits are read from the turn and stand in no reason."""
        return (Evidence(self.turn.id, self.span),)


def answer_card_data(case: Case, question: Question) -> Finding:
    """Yes when no turn of anybody holds card data; unsure for digits that may be some."""
    left = sorted(find_left(case, question), key=lambda one: not one.is_sure)
    if not left:
        chance = CLEAN_HEARD if case.conversation.is_voice else CLEAN
        return yes(question, chance, "no card data was found", window_evidence(case.passages))
    first = left[0]
    if not first.is_sure:
        return unsure(question, 0.5, f"digits that may be {first.what}", first.evidence)
    reason = f"{first.what} is left in the text{_in_sound(case.conversation, first)}"
    evidence = [piece for one in left if one.is_sure for piece in one.evidence]
    return no(question, FOUND, reason, evidence)


def find_left(case: Case, question: Question) -> Iterator[Left]:
    """All card data in the turns, and what may be some."""
    for passage in case.passages:
        yield from _in_passage(passage)
    yield from _asked_for(case, question)


def _in_passage(passage: Passage) -> Iterator[Left]:
    """Whole numbers, over turns too, for people pause between groups of digits."""
    text = passage.reading.text
    cards = find_cards(text)
    for span in cards:
        is_sure = _first_digit(span.of(text)) in ISSUERS  # a case number may pass the checksum
        yield from _placed(passage, span, "a card number", is_sure=is_sure)
    for span in find_card_details(text, cards):
        yield from _placed(passage, span, "a card's expiry or security code", is_sure=True)
    for run in find_digits(text):
        whole = run.span(0, len(run.signs))
        if SHORTEST <= len(run.signs) <= LONGEST and not any(c.overlaps(whole) for c in cards):
            yield from _placed(passage, whole, "a card number", is_sure=False)


def _first_digit(text: str) -> str:
    runs = find_digits(text)
    return runs[0].signs[0] if runs else ""


def _asked_for(case: Case, question: Question) -> Iterator[Left]:
    """Three or four digits in the answer to the question for the code on the back."""
    asked = say(case, case.passages, texts(question, "code_asked"))
    for said in asked:
        for passage in case.passages[said.passage.order + 1 : said.passage.order + 2]:
            for run in find_digits(passage.reading.text):
                if len(run.signs) in CODE_LENGTHS:
                    span = run.span(0, len(run.signs))
                    yield from _placed(passage, span, "a card's security code", is_sure=True)


def _placed(passage: Passage, span: TextSpan, what: str, *, is_sure: bool) -> Iterator[Left]:
    for piece in passage.evidence(span):
        turn = next(turn for turn in passage.turns if turn.id == piece.turn)
        yield Left(turn, piece.span, what, is_sure)


def _in_sound(talk: Conversation, left: Left) -> str:
    """Where it can be heard, unless that stretch is silenced."""
    time = left.turn.time_of(left.span)
    if time is None or any(
        event.kind in SILENCED and event.span and event.span.overlap(time) > 0
        for event in talk.events
    ):
        return ""
    minutes, seconds = divmod(int(time.start), 60)
    return f", and in the sound at {minutes}:{seconds:02d}"
