"""A greeting that names the company, in the agent's opening."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.conversation import Role
from core.evaluation import Evidence, Finding
from core.scorecard import Question
from language.near import sounds_of
from language.numbers import DIGITS
from qa.rules.base import (
    EXACT,
    LOOSE,
    Case,
    Passage,
    Said,
    no,
    opening,
    say,
    texts,
    unsure,
    window_evidence,
    yes,
)
from qa.rules.phrase import find_near_form

HEARD = 0.9  # likeness of a name that is there, spelling apart
NEAR_NAME = 0.74  # 'harbor valley' for 'harper valley'; by hand on 30 company names misheard
MAYBE_NAME = 0.5  # a recogniser's guess at an unknown name, told apart by a person
SPELLED = 5  # letters and digits; a longer run of capitals is read as a word
DIGIT_WORDS = {str(value): word for word, value in DIGITS.items() if word not in ("oh", "nought")}
_ARTICLE = re.compile(r"\Athe\s+", re.I)
SHORT_NAME = 6  # sounds; a shorter name must be there word for word
_LEGAL = re.compile(
    r"[\s,]+(?:ltd|limited|inc|llc|plc|corp|corporation|co|company|gmbh)\.?\Z", re.I
)


@dataclass(frozen=True, slots=True)
class HeardName:
    """Where the company's name was heard, and how alike it sounds."""

    passage: Passage
    likeness: float
    evidence: tuple[Evidence, ...]


def answer_greeting(case: Case, question: Question) -> Finding:
    """Yes when the opening greets and holds the company's name."""
    searched = opening(case.by(Role.AGENT))
    if not searched:
        return unsure(question, None, "there was no opening to search")
    name = find_name(case, searched, case.variables[str(question.options["variable"])])
    greetings = say(case, searched, texts(question, "phrases"))
    near = None if greetings else find_near_form(case, searched, texts(question, "near"))
    evidence = greetings[0].evidence if greetings else near.evidence if near else ()
    if name and name.likeness >= NEAR_NAME:
        return _named(question, name, evidence, is_sure=bool(greetings))
    misheard = _misheard(case, question, searched, name)
    if misheard:
        return unsure(question, 0.5, "the company's name may have been misheard", misheard)
    if greetings:
        return no(question, 0.12, "greeted without the company's name", evidence)
    return no(question, case.absent, "no greeting with the company's name",
              window_evidence(searched))  # fmt: skip


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
    """A name as it may be said: in full, without its legal form, and its first two of 3+ words."""
    forms: dict[str, None] = {}
    for given in value.split("|"):
        full = given.strip()
        plain = _LEGAL.sub("", full)
        plain = _ARTICLE.sub("", plain) or plain
        words = [word for word in plain.split() if word != "&"]
        joined = " ".join(words)
        short = " ".join(words[:2]) if len(words) > 2 else plain
        said = (full, plain, joined, short, _spelled_out(plain))
        forms |= dict.fromkeys(form for form in said if form)
    return tuple(forms)


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


def _named(
    question: Question, name: HeardName, evidence: tuple[Evidence, ...], *, is_sure: bool
) -> Finding:
    """The name is there; how sure the greeting is depends on the words around it."""
    both = tuple(dict.fromkeys((*evidence, *name.evidence)))
    if is_sure and name.likeness >= HEARD:
        return yes(question, EXACT, "greeted with the company's name", both)
    if is_sure:
        return yes(question, 0.8, f"greeted; the name sounds {name.likeness:.0%} alike", both)
    if evidence:
        return yes(question, LOOSE, "the greeting was heard unclearly, the name is there", both)
    if name.passage.order <= 1:
        return unsure(question, 0.6, "the company was named, without a greeting", both)
    return no(question, 0.2, "the company was named, but not in a greeting", both)


def _misheard(
    case: Case, question: Question, searched: Sequence[Passage], name: HeardName | None
) -> tuple[Evidence, ...]:
    """Where a call greets with a name nobody recognises, as a recogniser writes it."""
    if not case.conversation.is_voice:
        return ()
    leads = say(case, searched[:2], texts(question, "before_name"))
    if not leads:
        return ()
    if name and name.likeness >= MAYBE_NAME:
        return leads[0].evidence + name.evidence
    return (
        ()
        if case.conversation.engine is None or _goes_on(question, leads[0])
        else leads[0].evidence
    )


def _goes_on(question: Question, lead: Said) -> bool:
    """Whether after 'thank you for calling' comes no name but the next sentence."""
    reading, at = lead.passage.reading, lead.match.end
    return at >= len(reading.words) or reading.words[at] in texts(question, "not_a_name")
