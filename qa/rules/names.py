"""The company's name in what was said: word for word, as it sounds, or in part where it is due."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.evaluation import Evidence
from language.near import find_near, letters_of, sounds_of
from language.numbers import DIGITS
from qa.rules.base import Case, Passage, Said

HEARD = 0.9  # likeness of a name that is there, spelling apart
NEAR_NAME = 0.74  # 'harbor valley' for 'harper valley'; by hand on 30 company names misheard
DUE_NAME = 0.58  # right after 'thank you for calling'; 40 names at 30 dB, benchmarks/qa/conduct
PART_NAME = 0.45  # the rest of a name of which one word is there where the name is due
SPELLED = 5  # letters and digits; a longer run of capitals is read as a word
SHORT_NAME = 6  # sounds; a shorter name must be there word for word
TRADES = frozenset({
    "bank", "banking", "savings", "national", "federal", "credit", "union", "trust", "mutual",
    "insurance", "financial", "finance", "lending", "loans", "mortgage", "community", "state",
    "energy", "gas", "water", "power", "electric", "mobile", "telecom", "broadband", "wireless",
    "airlines", "airways", "travel", "hotels", "hotel", "pharmacy", "dental", "clinic", "health",
    "services", "service", "group", "international", "stores", "market", "motors", "garage",
})  # fmt: skip
FIRST_LETTERS = 6  # before the name: 'uh', 'the', 'yes'
TELLING = 4  # letters; 'the' and 'and' are no part to know a name by
DIGIT_WORDS = {str(value): word for word, value in DIGITS.items() if word not in ("oh", "nought")}
_ARTICLE = re.compile(r"\Athe\s+", re.I)
_LEGAL = re.compile(
    r"[\s,]+(?:ltd|limited|inc|llc|plc|corp|corporation|co|company|gmbh)\.?\Z", re.I
)


@dataclass(frozen=True, slots=True)
class HeardName:
    """Where the company's name was heard, and how alike it sounds."""

    passage: Passage
    likeness: float
    evidence: tuple[Evidence, ...]

    @property
    def is_first(self) -> bool:
        """Whether it stands at the very beginning of the conversation: 'Harbour & Pine, loans.'"""
        is_begin = self.passage.order <= 1 and self.evidence[0].turn == self.passage.turns[0].id
        return is_begin and self.evidence[0].span.start <= FIRST_LETTERS


def find_name(case: Case, passages: Sequence[Passage], value: str) -> HeardName | None:
    """The best hearing of a name, or of one of its `|` forms, in the passages."""
    heard: list[HeardName] = []
    for form in name_forms(value):
        for passage in passages:
            found = _hear(case, passage, form)
            if found:
                heard.append(found)
    return max(heard, key=lambda name: name.likeness, default=None)


def name_forms(value: str) -> tuple[str, ...]:
    """A name as it may be said.

    In full, without its legal form, its first two of three words and more, and without its trade
    ('Kestrel' for 'Kestrel Savings Bank').
    """
    forms: dict[str, None] = {}
    for given in value.split("|"):
        full = given.strip()
        plain = _LEGAL.sub("", full)
        plain = _ARTICLE.sub("", plain) or plain
        words = [word for word in plain.split() if word != "&"]
        joined = " ".join(words)
        short = " ".join(words[:2]) if len(words) > 2 else plain
        said = (full, plain, joined, short, _without_trade(words), _spelled_out(plain))
        forms |= dict.fromkeys(form for form in said if form)
    return tuple(forms)


def _without_trade(words: Sequence[str]) -> str:
    """What tells the house from others of its trade; nothing where that is too short to hear."""
    own = list(words)
    while own and own[-1].lower() in TRADES | {"and", "of"}:
        own.pop()
    rest = " ".join(own)
    return rest if len(sounds_of(rest)) >= SHORT_NAME else ""


def _spelled_out(name: str) -> str:
    """Digits as words and capitals one by one, as they are said: 'AT&T' → 'a t and t'."""
    parts: list[str] = []
    for word in name.split():
        is_code = len(word) <= SPELLED and any(mark.isdecimal() or mark == "&" for mark in word)
        is_code = is_code and not any(mark.islower() for mark in word)
        if not is_code:
            parts.append(word)
            continue
        parts += [DIGIT_WORDS.get(mark, "and" if mark == "&" else mark.lower()) for mark in word]
    return " ".join(parts)


def _hear(case: Case, passage: Passage, form: str) -> HeardName | None:
    words = case.pipeline.read(form).words
    size = len(words)
    for at in range(len(passage.reading.words) - size + 1):
        if "not" in passage.reading.words[max(0, at - 1) : at]:  # 'this isn't Northwind'
            continue
        if size and passage.reading.words[at : at + size] == words:
            return HeardName(passage, 1.0, passage.evidence(passage.reading.span(at, at + size)))
    if len(sounds_of(form)) < SHORT_NAME:
        return None
    found = passage.reading.near(" ".join(words))
    if found and passage.reading.text[: found.span.start].rstrip().endswith(("not", "n't", "n’t")):
        return None
    if found is None or (not case.conversation.is_voice and found.likeness < HEARD):
        return None
    return HeardName(passage, found.likeness, passage.evidence(found.span))


def find_part(case: Case, leads: Sequence[Said], value: str) -> HeardName | None:
    """The name where it is due, less alike, or one word of it: 'our prevalent national bank'.

    `leads` are words that a name follows. Calls only: who types does not mishear.
    """
    if not case.conversation.is_voice:
        return None
    heard = [
        found
        for lead in leads
        for form in name_forms(value)
        if (found := _hear_part(lead, case.pipeline.read(form).words)) is not None
    ]
    return max(heard, key=lambda name: name.likeness, default=None)


def _hear_part(lead: Said, name: tuple[str, ...]) -> HeardName | None:
    reading, at = lead.passage.reading, lead.match.end
    end = min(at + len(name) + 2, len(reading.words))  # a misheard word is often cut in two
    due = reading.words[at:end]
    telling = {word for word in (name[0], name[-1]) if len(word) >= TELLING}
    if len(sounds_of(" ".join(name))) < SHORT_NAME:
        return None
    found = find_near(" ".join(name), letters_of(due, reading.spans[at:end]))
    is_part = len(name) > 1 and not (telling - TRADES).isdisjoint(due)
    if found is None or found.likeness < (PART_NAME if is_part else DUE_NAME):
        return None
    return HeardName(lead.passage, found.likeness, lead.passage.evidence(reading.span(at, end)))


def names_the_house(case: Case, said: Said) -> bool:
    """Whether the words run into the name of the company: 'this is Harbour' & Pine."""
    words, match = said.passage.reading.words, said.match
    for value in case.variables.values():
        for form in name_forms(value):
            name = case.pipeline.read(form).words
            for at in range(max(0, match.start - len(name) + 1), match.end):
                if name and words[at : at + len(name)] == name:
                    return True
        if case.conversation.is_voice and _sounds_like_house(said, value):
            return True
    return False


def _sounds_like_house(said: Said, value: str) -> bool:
    """The same where a recogniser wrote 'this is harbor and pine'."""
    for form in name_forms(value):
        if len(sounds_of(form)) >= SHORT_NAME and len(form.split()) > 1:
            found = said.passage.reading.near(form, least=NEAR_NAME)
            if found and found.span.overlaps(said.span):
                return True
    return False
