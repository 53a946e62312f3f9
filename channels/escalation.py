"""When the chat offers a person of its own accord: a sensitive matter, or a mood that falls.

Pure: it reads the conversation as it stands. A plain request for a person never comes here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from channels.reply import Line
from channels.requests import ASK_PERSON
from channels.situation import Situation
from channels.topics import Place, Topic
from core.conversation import Role, Turn
from language.mood_scale import Scale
from language.values.yes_no import read_yes_no

OFFER_YES, OFFER_NO = "person:yes:", "person:no"  # payloads; what follows yes is the reason
FALLING = "falling_mood"
ANNOYED = "annoyed"

# Two alarming ones of the customer's last three turns: their customers were annoyed by their own
# account several times as often as all; one bad turn alone is as likely a plain report of bad news.
# benchmarks/handoff/README.md, "Mood".
BAD_TURNS, OF_TURNS = 2, 3
# Customer turns between two offers: a task of the bot takes about as many, and whoever goes on
# with the bot after an offer has declined it for this one.
QUIET_TURNS = 6

SORRY = "I am sorry, this is not going as it should. Shall I get a person for you?"
AT_ANY_TIME = "You can have a person at any time."
_FIRST_SENTENCE = re.compile(r"[^.!?]*[.!?]")
_QUESTION_AT_END = re.compile(r"\s*[^.!?]*\?\s*\Z")
_DECLINES = frozenset({  # of which a plain no is made; any other word tells more
    "no", "nope", "nah", "not", "yet", "now", "right", "really", "today", "never", "mind",
    "thanks", "thank", "you", "ta", "cheers", "mate", "love", "sorry", "please", "ok", "okay",
    "it's", "its", "that's", "thats", "fine", "all", "good", "well", "i", "i'm", "im", "am", "do",
    "don't", "dont", "want", "need", "would", "i'd", "id", "rather", "like", "prefer", "to", "go",
    "on", "carry", "continue", "keep", "going", "stay", "with", "this", "it", "that", "just",
    "let's", "lets", "let", "us", "we", "can", "could", "will", "later", "maybe", "first",
    "instead", "the", "a", "an", "any", "one", "bot", "here", "person", "human", "agent",
    "people", "someone", "somebody", "anyone", "talk", "speak", "chat", "get", "bother", "worry",
    "needed", "necessary", "for", "me", "at", "moment"
})  # fmt: skip
GO_ON_TITLE = "No, go on"
GO_ON = "All right, we go on. You can ask for a person at any time."


@dataclass(frozen=True, slots=True)
class Escalation:
    """Something to say beside the bot's answer or in its place, and the reason for it."""

    reason: str
    line: Line
    place: Place


def escalate(
    situation: Situation, turn: Turn, topic: Topic | None, *, has_fallen: bool = False
) -> Escalation | None:
    """What a typed turn calls for; None where nothing does, or it was offered a moment ago.

    Args:
        topic: what the turn is about.
        has_fallen: whether the mood of `last_said` is falling, see `is_falling`; a topic says more.
    """
    if topic is not None and topic.name != ANNOYED:
        said = _offer(topic.words, topic.name) if topic.offers_person else Line(topic.words)
        is_danger = topic.place is Place.INSTEAD  # nothing else may answer it, however often
        if not is_danger and _is_fresh(situation, turn, topic):
            return None
        return Escalation(topic.name, said, topic.place)
    if topic is None and not has_fallen:
        return None
    if _turns_since_offer(situation, turn) < QUIET_TURNS:
        return None
    words = topic.words if topic else SORRY
    return Escalation(FALLING, _offer(words, FALLING), Place.WITH)


def is_falling(moods: Sequence[float], scale: Scale) -> bool:
    """Whether the last turns of a customer are bad enough to offer a person."""
    last = moods[-OF_TURNS:]
    bad = sum(mood <= scale.alarming for mood in last)
    return bad >= BAD_TURNS and last[-1] <= 0


def last_said(situation: Situation, turn: Turn) -> tuple[str, ...]:
    """The customer's last turns up to and with this one: what a falling mood is seen in."""
    mine = [one for one in situation.before(turn) if one.role is Role.CUSTOMER]
    return tuple(one.text for one in (*mine[-OF_TURNS + 1 :], turn))


def answered_offer(situation: Situation, turn: Turn, payload: str | None) -> str | None:
    """The payload of our offer's button that a turn presses or means in its own words."""
    if payload is not None:
        return payload if payload.startswith(("person:yes:", OFFER_NO)) else None
    yes = _last_offer(situation, turn)
    if yes is not None and _words(turn.text) == _words(GO_ON_TITLE):
        return OFFER_NO  # 'no, go on' is a no and a yes to the reader of plain answers
    said = read_yes_no(turn.text) if yes else None
    if said is False and not _DECLINES.issuperset(_words(turn.text)):
        return None  # 'no, he was not hurt': the story goes on
    return None if said is None else yes if said else OFFER_NO


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def offers_person(line: Line) -> bool:
    """Whether a line of the bot has a button for a person already."""
    return any(payload == ASK_PERSON for _, payload in line.choices)


def placed(
    lines: tuple[Line, ...], escalation: Escalation, *, asks: bool = False
) -> tuple[Line, ...]:
    """The bot's lines and ours; where the bot asks, ours come first and ask nothing themselves.

    Two questions at once would let a yes to a person be taken for a yes to a cancellation.

    Args:
        asks: whether a task waits for what the bot asks, with a question mark or without.
    """
    if escalation.place is Place.INSTEAD:
        return (escalation.line,)
    if lines and (asks or _asks(lines[-1])):
        return (_without_question(escalation.line), *lines)
    is_first = escalation.place is Place.BEFORE
    return (escalation.line, *lines) if is_first else (*lines, escalation.line)


def _without_question(line: Line) -> Line:
    """The same words and the button for a person, to be taken at any time, and no question."""
    yes = tuple(choice for choice in line.choices if choice[1].startswith(OFFER_YES))
    kept = _QUESTION_AT_END.sub("", line.text).rstrip()
    return Line(f"{kept} {AT_ANY_TIME}" if yes else kept, yes)


def first_words(line: Line) -> Line:
    """The first sentence alone, where a person comes anyway and nothing is to be chosen."""
    found = _FIRST_SENTENCE.match(line.text)
    return Line(found[0].strip() if found else line.text)


def wordings(topic: Topic) -> frozenset[str]:
    """All forms in which the words of a topic stand in a conversation."""
    line = _offer(topic.words, topic.name) if topic.offers_person else Line(topic.words)
    return frozenset({line.text, _without_question(line).text, first_words(line).text})


def _asks(line: Line) -> bool:
    return bool(line.choices) or line.text.rstrip().endswith("?")


def _offer(words: str, reason: str) -> Line:
    choices = (("Yes, get a person", f"{OFFER_YES}{reason}"), (GO_ON_TITLE, OFFER_NO))
    return Line(words, choices)


def _last_offer(situation: Situation, turn: Turn) -> str | None:
    """The yes of an offer in the bot's last answer, unless it asks something else behind it."""
    before = situation.before(turn)
    for one in takewhile(lambda said: said.role is not Role.CUSTOMER, reversed(before)):
        yes = _offer_under(situation, one)
        if yes is not None:
            return yes
        if situation.buttons.get(one.id) or one.text.rstrip().endswith("?"):
            return None
    return None


def _offer_under(situation: Situation, turn: Turn) -> str | None:
    under = situation.buttons.get(turn.id, ())
    return next((b.payload for b in under if b.payload.startswith(OFFER_YES)), None)


def _turns_since_offer(situation: Situation, turn: Turn) -> int:
    """How many customer turns lie behind our last offer; many when there was none."""
    count = 0
    for one in reversed(situation.before(turn)):
        if _offer_under(situation, one):
            return count
        count += one.role is Role.CUSTOMER
    return count + QUIET_TURNS


def _is_fresh(situation: Situation, turn: Turn, topic: Topic) -> bool:
    """Whether the words for it were said within the last turns; another matter speaks up."""
    count, said = 0, wordings(topic)
    for one in reversed(situation.before(turn)):
        if one.role is not Role.CUSTOMER and one.text in said:
            return count < QUIET_TURNS
        count += one.role is Role.CUSTOMER
    return False
