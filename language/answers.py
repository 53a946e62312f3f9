"""Reading a customer's answer to a survey question; what is no answer goes on to the bot."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from core.survey import LABELS, SCALES, SurveyKind
from language.numbers import DIGITS, TEENS
from language.opinions import guess_score
from language.questions import is_question


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: a score, a text for why, or that the customer waved the question away.

    A score that is a guess was read out of words of opinion, and is read back before it counts.
    """

    score: int | None = None
    text: str | None = None
    is_dismissed: bool = False
    is_guess: bool = False


class Miss(StrEnum):
    """Why a text is no answer, though it is nothing else either: it is worth asking once more."""

    NUMBER = "number"  # off the scale, between two of its points, or several
    CHATTER = "chatter"


def read_answer(kind: SurveyKind, text: str) -> Answer | None:
    """The answer that `text` gives to a question of `kind`; None when it gives none.

    None are a request for a person, a question, a command, a number off the scale or two numbers.
    A score is read only from words that are all about scoring, a guess from words of opinion.
    """
    said = _plain(text)
    if not said or _asks_for_person(said) or puts_off(text):
        return None
    if _DISMISSAL.fullmatch(said.strip(" .!")):
        return Answer(is_dismissed=True)
    if kind is SurveyKind.WHY:
        return _read_why(said, text)
    score = _read_sign(kind, said)
    score = _read_score(said, *SCALES[kind]) if score is None else score
    if score is not None:
        return Answer(score=score)
    return _backed(kind, said) or _guessed(kind, said)


def names_scale(text: str) -> bool:
    """Whether a score is said in a form that means nothing else: '5 out of 5', 'five stars'."""
    said = _plain(text)
    return _OUT_OF.search(said) is not None or _STARRED.search(said) is not None


def tells_why(text: str) -> bool:
    """Whether a score has its reason beside it: '2, took ages to find you'."""
    words = [word for word in _TOKENS.findall(_plain(text)) if word[0].isalpha()]
    return sum(not _is_filler(word) and _value(word) is None for word in words) >= _LEAST_TOLD


def puts_off(text: str) -> bool:
    """Whether the whole text says 'not now': the question stays open, and nothing is kept."""
    return _LATER.fullmatch(_plain(text).strip(" .!")) is not None


def read_miss(kind: SurveyKind, text: str) -> Miss | None:
    """What kind of no answer `text` is; None when it is a matter for the bot, or an answer."""
    said = _plain(text)
    if kind is SurveyKind.WHY or not said or read_answer(kind, text) is not None:
        return None
    if _is_number_talk(said) or _is_score_with_more(said):
        return Miss.NUMBER
    is_told = (
        len(said.split()) > _CHATTER_WORDS
        or _ADDS.search(said)
        or any(sign.isdecimal() for sign in said)
    )
    if is_told or _asks_for_person(said) or _is_for_bot(said) or _is_command(said):
        return None
    return None if _MATTER.search(said) else Miss.CHATTER


def read_confirmation(text: str) -> bool | None:
    """Yes or no to 'Shall I put that down as …?'; None when it is neither."""
    said = _plain(text).strip(" .!")
    if _YES.fullmatch(said):
        return True
    return False if _NO.fullmatch(said) else None


def without_yes_or_no(text: str) -> str:
    """What follows a yes or no at the beginning: 'no, make it 3' → 'make it 3'."""
    return _LEADING.sub("", text, count=1)


def _asks_for_person(said: str) -> bool:
    """Whether a request for a person stands at the start of the text or at its end."""
    return any(_PERSON.search(end) for end in (said[:_NEAR_END], said[-_NEAR_END:]))


_ALL_WORDS = DIGITS | {"ten": TEENS["ten"]}
_WORDS = {word: value for word, value in _ALL_WORDS.items() if word not in ("oh", "nought")}
_NUMBER = rf"(?:\d+|{'|'.join(_WORDS)})"
_YES = re.compile(
    r"(?:👍️?|y|yes|yep|yup|yeah|yea|ya|aye|sure|ok|okay|correct|right|exactly|fine|please do"
    r"|do that|go ahead|that'?s (?:right|correct|fine|it)|sounds (?:right|good|fair))"
    r"(?:[,.!\s]+(?:please|thanks|thank you|yes|that'?s (?:right|correct|it)|sure|do|it is))*+"
)
_NO = re.compile(
    r"(?:👎|n|no|nope|nah|wrong|incorrect|not quite|don'?t|not really|that'?s (?:wrong|not right))"
    r"(?:[,.!\s]+(?:no|choose myself|i'?ll choose(?: myself)?|that'?s (?:wrong|not right)|wrong"
    r"|don'?t))*+"
)
_LEADING = re.compile(r"^\s*(?:yes|yeah|yep|no|nope|nah)\b[,.!;:\s–-]+", re.IGNORECASE)

_WHO = (
    r"(?:(?:a|an|the|some|your|another|any|one of your|one of the)\s+)?"
    r"(?:(?:real|live|actual|human|proper|customer service)\s+)*"
    r"(?:person|people|human being|human|agent|operator|representative|rep|advisor|adviser"
    r"|someone|somebody|anyone|manager|supervisor|boss|colleague|team member|member of (?:the )?"
    r"(?:staff|team)|staff|team|agents|colleagues|customer services?|support)"
)
_ASKING = (  # possessive: 'let me' must not be read once more as 'let' and 'me'
    r"(?:(?:i would|would like|let me|how do|please|ok|okay|no|yes|hi|hello|hey|just|can|could|may"
    r"|i'd|i|we|you|want|need|like|have|let|me|to|actually|so|but|rather|prefer)[,\s]++)*+"
)
_PERSON = re.compile(
    rf"(?:^|[.!?,;]\s*){_ASKING}(?:"
    rf"(?:speak|talk|chat|get through)\s+(?:to|with)\s+{_WHO}\b"
    rf"|(?:get|give|find|put|pass|transfer|connect|hand|switch|escalate)\s+(?:(?:me|us|this)\s+)?"
    rf"(?:(?:through|over|on)\s+)?(?:(?:to|onto|with)\s+)?{_WHO}\b)"
    rf"|^{_ASKING}{_WHO}(?:\s+please)?[.!]*$"
)
_NEAR_END = 300  # characters at each end of a text in which a request for a person is looked for
_DISMISSAL = re.compile(
    r"(?:no|nope|nah|no thanks?|no thank you|no ta|not today|not really"
    r"|skip(?: it| this| that| please)?"
    r"|pass|i'?ll pass|no comment|dismiss|n/?a|none|nothing|no reason|no idea|never ?mind|nvm"
    r"|(?:i )?(?:would|'d|d)? ?rather not(?: say)?|i'd rather not(?: say)?|prefer not to(?: say)?"
    r"|(?:i )?(?:don'?t|do not) (?:want to|wanna|care|know|feel like it)(?: say| answer)?"
    r"|(?:i'm |im |i am )?not interested|(?:i have )?no time|(?:i'm )?too busy|(?:i'm )?busy"
    r"|leave me alone|stop asking|none of your business"
    r"|(?:i )?(?:don'?t|do not|never) (?:do|answer|fill in) (?:these |any )?(?:surveys?|ratings?)"
    r"|no (?:more )?(?:surveys?|ratings?|questions))"
    r"(?:[,\s]+(?:thanks?|thank you|please|sorry|mate|cheers))?"
)
_LATER = re.compile(
    r"(?:(?:ok|okay|sure|yes|no|sorry)[,\s]+)*+"
    r"(?:(?:maybe |perhaps |ask me |i'?ll (?:do (?:it|that|this) |answer |tell you )?)?"
    r"(?:later(?: on)?|another time|some other time|in a (?:bit|minute|moment))"
    r"|not (?:now|right now|yet|just now)|(?:maybe )?not (?:now|yet)[,\s]+(?:maybe )?later)"
    r"(?:[,\s]+(?:thanks?|thank you|please|sorry|mate|cheers))?"
)
_COMMAND = re.compile(
    r"^(?:please |can you |i (?:want|need|would like|'d like) (?:you )?to |i'd like to )?"
    r"(?:cancel|track|check|change|re-?schedule|refund|return|order|book|show|tell me|start over"
    r"|restart|help|menu|stop|unsubscribe|back|hello|hi|hey|good ?bye|bye|thanks?|thank you)"
    r"(?:\s+(?:my|the|an?|this|me|please|it|for|another)\b.*|[!.]*)$"
)
_GOODS = (
    r"(?:order|parcel|package|delivery|refund|replacement|goods|items?|money|card|confirmation"
    r"|chairs?|tables?|sofa|booking|appointment|account|invoice)"
)
_NEW_MATTER = re.compile(  # what is open now, or bears a number: somebody should look at it
    r"\b(?:[a-z]{1,4}-?)?\d{5,}\b"
    rf"|^(?:(?:and|also|but|hi|hello|well|actually|sorry)[,\s]+)*+(?:my|the|our)\s(?:\w+\s){{0,3}}"
    rf"{_GOODS}\s(?:\S+\s)?(?:still\s|yet\s)?(?:has|have|is|are|does|hasn't|haven't|isn't|aren't"
    r"|doesn't)\s?(?:still\s)?(?:not|n't|never)?\s?(?:yet\s|still\s)?(?:been\s)?(?:arrived|come"
    r"|turned up|shown up|delivered|received|refunded|here|missing|working|work|broken|damaged)\b"
    rf"|^(?:(?:and|also|but|hi|hello|well|actually)[,\s]+)*+i(?:'m| am)?(?:\sstill)?\s"
    rf"(?:have not|haven't|not|waiting|need|want|would like|lost|'d like)\b"
    rf"(?:\s\w+){{0,5}}?\s{_GOODS}\b"
)

_ASKED_OF_US = re.compile(  # at the start of a clause, in words that ask us to do something now
    r"^(?:(?:so|and|but|please|now|actually|i changed my mind|changed my mind)[,\s]+)*+"
    r"(?:(?:can|could|would|will) (?:you|i|we)\b"
    r"|un-?cancel\b|where(?:'s| is| are) my\b|i(?:'ve| have)? changed my mind|changed my mind$"
    r"|(?:please )?(?:cancel|change|refund|return|send|call|ring|move|book)\s(?:me|my|it|the)\b)"
)


def _plain(text: str) -> str:
    """Lower case, one kind of quote mark and digit, no invisible joiners."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'").replace("‘", "'").lower()
    visible = (mark for mark in plain if unicodedata.category(mark) not in ("Mn", "Me", "Cf"))
    return re.sub(r"\s+", " ", "".join(visible)).strip()


def _read_why(said: str, text: str) -> Answer | None:
    if is_question(said) or _COMMAND.search(said) or not re.search(r"[^\W\d_]", said):
        return None
    parts = [part for part in _PARTS.split(said) if part]
    if _NEW_MATTER.search(said[:_NEAR_END]) or any(map(_ASKED_OF_US.search, parts)):
        return None
    return Answer(text=text.strip())


_FILLER = frozenset({
    "i", "would", "'d", "i'd", "id", "i'll", "ill", "say", "give", "it", "you", "a", "an", "rate",
    "my", "rating", "score", "is", "was", "that", "be", "it's", "its", "probably", "maybe",
    "about", "around", "definitely", "solid", "think", "guess", "the", "answer", "well", "um",
    "uh", "ok", "okay", "sure", "just", "star", "stars", "point", "points", "please", "thanks",
    "thank", "very", "service", "experience", "overall", "for", "this", "to", "them", "go", "with",
    "so", "yeah", "yes", "hmm", "honestly", "easily", "number", "mark", "marks", "another", "all",
    "i'm", "im", "giving", "one's", "hi", "hello", "of", "out", "make", "more", "like", "actually",
    "let's", "lets", "put", "down", "as", "rather", "call", "nice", "oh", "mean", "meant", "sorry"
})  # fmt: skip
_REASONS = frozenset({
    "because", "as", "since", "but", "it", "they", "he", "she", "everything", "although", "though",
    "cos"
})  # fmt: skip
_TOP = re.compile(
    r"(?:top|full|highest|maximum|best) (?:marks|score|rating)|the (?:highest|maximum)"
)
_BOTTOM = re.compile(r"(?:lowest|worst|minimum) (?:marks?|score|rating)(?: possible)?|the lowest")
_STARS = re.compile(r"[⭐★🌟]")
_ONLY_STARS = re.compile(r"[⭐★🌟☆\s]+")
_TWO = re.compile(rf"\b{_NUMBER}\s*(?:or|to|-|–|and|/|~)\s*(?:maybe\s+(?:a\s+)?|a\s+)?{_NUMBER}\b")
_STARRED = re.compile(rf"\b{_NUMBER}[\s-]stars?\b|[⭐★]")
_OUT_OF = re.compile(rf"\b({_NUMBER})\s*(?:/|(?:stars? )?(?:out )?of)\s*({_NUMBER})\b(?!\s*/)")
_SCORE_FIRST = re.compile(
    rf"{_NUMBER}(?:\s?/\s?(?:5|7|10)\b|\sout of (?:5|7|10|five|seven|ten)\b|[\s-]stars?\b)"
)
_SMALL = re.compile(r"\d{1,3}(?:\.\d+)?")
_BETWEEN = frozenset({
    "or", "and", "between", "half", "minus", "from", "/", "%", "-", "+", "?", ".", ",", "–", "a"
})  # fmt: skip
_MANNERS = re.compile(r"(?:many )?(?:thanks?|thank you|cheers|(?:good ?)?bye|hi|hello|hey)[!. ]*")
_PARTS = re.compile(r"[,;.!–—]\s+|\s(?:and|but)\s")
_OF_LABEL = {
    kind: {label: score for score, label in labels.items()} for kind, labels in LABELS.items()
}
_NAMED_NUMBERS = frozenset({*_WORDS, "eleven", "twelve", "twenty", "fifty", "hundred", "thousand"})
_THUMBS = {
    "👍": {SurveyKind.CES: 6, SurveyKind.NPS: 9},
    "👎": {SurveyKind.CES: 2, SurveyKind.NPS: 1},
}
_SIGNS = {"👍": 5, "👎": 1}  # on the scale of satisfaction; on others they are read back
_LEAST_TOLD = 3  # words that are not of scoring itself: 'took ages finding', not 'very satisfied'
_CHATTER_WORDS = 8  # words; a longer text tells something, and the bot reads it
_MATTER = re.compile(  # what the bot can do something about
    r"\b(?:order|parcel|package|deliver|refund|return|replac|exchang|invoice|receipt|appointment"
    r"|fitting|book|address|slot|cancel|chang|track|broke|damage|missing|miss|complain|ticket|store"
    r"|shop|open|hour|phone|number|e-?mail|account|pay|card|help|speak|talk|person|human|agent|someone"
    r"|somebody|chair|table|sofa|lamp|rug|bed|item|goods|code|postcode|date|time|tomorrow|when|where"
    r"|i need|i want|i'd like|i would like|can you|could you|would you|please|stop|thank|hello|bye"
    r"|morning|afternoon|evening|never mind|nevermind|go back|start over)"
)
AGREES = 0.4  # of the scale: 'perfect, 4' of five agrees, 'great, 2' does not; by our own labels
_OPINION = r"(?P<words>[^\d]{2,40}?)"
_SCORED = rf"(?P<number>{_NUMBER})(?:\s(?:stars?|points?))?"
_BEHIND = re.compile(rf"{_OPINION}[\s,.!;:–-]+{_SCORED}(?:,?\s(?:please|thanks|from me))?[.!]*")
_BEFORE = re.compile(rf"{_SCORED}[\s,.!;:–-]+{_OPINION}[.!]*")
_ADDS = re.compile(  # 'oh and the shelf has a scratch too': more of what was told before
    r"^(?:oh[,\s]+)?(?:and|also|plus|besides|by the way|btw|(?:one more|another) thing)\b"
    r"(?:\W+\w+){3}"
    r"|(?:\w+\W+){3}(?:too|as well)[.!]*$"
)
_TOKENS = re.compile(r"[\w']+(?:[.:]\d+)?|[^\w\s]")


def _read_score(said: str, low: int, high: int) -> int | None:
    """The one number on the scale that `said` is about, or None."""
    if is_question(said):
        return None
    if _ONLY_STARS.fullmatch(said):
        return _on_scale(len(_STARS.findall(said)), low, high)
    if _TOP.fullmatch(said.strip(" .!")):
        return high
    if _BOTTOM.fullmatch(said.strip(" .!")):
        return low
    said, is_other_scale = _without_scale(said, high)
    if is_other_scale or _TWO.search(said):
        return None
    return _lone_number(_TOKENS.findall(said), low, high)


def _read_sign(kind: SurveyKind, said: str) -> int | None:
    """A label of the scale, word for word, or a thumb where that is sure."""
    bare = said.strip(" .!")
    if bare in _OF_LABEL.get(kind, {}):
        return _OF_LABEL[kind][bare]
    return _SIGNS.get(_one_sign(bare)) if kind is SurveyKind.CSAT else None


def _guessed(kind: SurveyKind, said: str) -> Answer | None:
    guess = _guess(kind, said)
    if guess is None or _is_for_bot(said) or _orders(said):
        return None
    return Answer(score=guess, is_guess=True)


def _guess(kind: SurveyKind, said: str) -> int | None:
    thumb = _THUMBS.get(_one_sign(said.strip(" .!")), {}).get(kind)
    return guess_score(kind, said) if thumb is None else thumb


def _backed(kind: SurveyKind, said: str) -> Answer | None:
    """The one number beside an opinion: 'perfect, 5'; one that it contradicts is read back."""
    low, high = SCALES[kind]
    said, is_other_scale = _without_scale(said, high)
    found = _BEHIND.fullmatch(said) or _BEFORE.fullmatch(said)
    guess = guess_score(kind, found["words"]) if found and not is_other_scale else None
    is_number = found is not None and found["number"] != "one"  # 'nice one'
    score = _on_scale(_value(found["number"]), low, high) if found and is_number else None
    if guess is None or score is None:
        return None
    return Answer(score=score, is_guess=abs(guess - score) > (high - low) * AGREES)


def _one_sign(said: str) -> str:
    """The one sign that `said` repeats ('👍👍' → '👍'), whatever its colour; else `said`."""
    bare = re.sub(r"[\U0001f3fb-\U0001f3ff\s]", "", said)
    return bare[0] if bare and set(bare) == {bare[0]} else said


def _is_number_talk(said: str) -> bool:
    """Whether `said` is about nothing but numbers: '11', '0/5', '4.5', 'four or five'."""
    tokens = _TOKENS.findall(said)
    numbers = [token for token in tokens if _SMALL.fullmatch(token) or token in _NAMED_NUMBERS]
    return bool(numbers) and all(
        token in numbers or token in _BETWEEN or _is_filler(token) for token in tokens
    )


def _is_score_with_more(said: str) -> bool:
    """Whether a short text begins with a score on some scale: '10/10 would not recommend'."""
    is_short = len(said.split()) <= _CHATTER_WORDS
    return is_short and _SCORE_FIRST.match(said) is not None and not _MATTER.search(said)


def _is_for_bot(said: str) -> bool:
    """Whether a part of `said` is a question or a new matter."""
    parts = _PARTS.split(said)
    return any(is_question(part) or _NEW_MATTER.search(part) for part in (said, *parts))


def _orders(said: str) -> bool:
    """Whether a part of `said` tells the bot to do something; manners do not."""
    parts = _PARTS.split(said)
    return any(_COMMAND.search(part) and not _MANNERS.fullmatch(part) for part in parts)


def _is_command(said: str) -> bool:
    return any(_COMMAND.search(part) for part in (said, *_PARTS.split(said)))


def _without_scale(said: str, high: int) -> tuple[str, bool]:
    """Drop 'out of 5' behind a score; whether another scale than ours was named."""
    found = _OUT_OF.search(said)
    if found is None:
        return said, False
    return said[: found.end(1)] + said[found.end() :], _value(found.group(2)) != high


def _lone_number(tokens: list[str], low: int, high: int) -> int | None:
    places = [place for place, word in enumerate(tokens) if _value(word) is not None]
    if not places:
        return None
    first = places[0]
    before, after = tokens[:first], tokens[first + 1 :]
    others = [token for token in tokens if token[0].isalnum()][1:]
    is_word_one = tokens[first] == "one" and others  # 'the one', 'one more thing'
    if is_word_one and not set(tokens) & {
        "give",
        "say",
        "star",
        "rate",
        "score",
        "rating",
        "point",
    }:
        return None
    if not all(_is_filler(token) for token in before) or not _ends_well(after):
        return None
    return _on_scale(_value(tokens[first]), low, high)


def _ends_well(after: list[str]) -> bool:
    """Whether what follows the number leaves it a score: nothing, scoring words, or a reason."""
    if all(_is_filler(token) for token in after):
        return True
    while after and (after[0] in ("star", "stars", "point", "points", "please")):
        after = after[1:]
    if after[0] not in _REASONS and after[0] not in (",", ".", "!", ";", ":", "-", "–", "—", "("):
        return False
    tail = [token for token in after[1:] if _value(token) is None]
    numbers = len(after) - 1 - len(tail)
    return numbers == 0 or (numbers == 1 and len(tail) >= 3 and _value(after[-1]) is None)


def _is_filler(word: str) -> bool:
    return word in _FILLER or not (word[0].isalnum() or word in "-+#/%$£€:@")


def _value(word: str) -> int | None:
    if word.isdecimal() and len(word) <= 3:
        return int(word)
    return _WORDS.get(word)


def _on_scale(value: int | None, low: int, high: int) -> int | None:
    return value if value is not None and low <= value <= high else None
