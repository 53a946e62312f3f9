"""Reading a score out of words: 'pretty easy', 'it was awful', 'not great', 'ok I guess'.

Such a reading is a guess that the customer is asked to confirm, so what is not all opinion is no
reading at all: a mixed answer, a story or a new matter reads as None.
The words and their five steps were set by hand from the labels of our own scales and from everyday
British English; nothing is stored by them alone.
"""

import re
from collections.abc import Iterator, Sequence

from core.survey import SurveyKind

# Steps: 1 very bad, 2 bad, 3 middling, 4 good, 5 very good; easy and hard go the same way.
_STEPS = {
    5: "excellent amazing perfect brilliant fantastic great superb wonderful awesome outstanding"
    " exceptional flawless fabulous effortless seamless loved love top-notch best incredible"
    " stellar ace 👍 🤩 😍 🥰 💯",
    4: "good nice happy satisfied easy simple helpful quick fast smooth pleased straightforward"
    " lovely pleasant efficient polite friendly clear decent painless solid liked like 😀 😃 😄 😊"
    " 🙂 😁 👌",
    3: "ok okay alright fair average so-so meh mediocre middling acceptable passable adequate"
    " neutral fine 😐 😑",
    2: "bad poor hard difficult slow unhelpful disappointing disappointed unhappy dissatisfied"
    " frustrating frustrated annoying annoyed confusing complicated tricky unsatisfied"
    " unsatisfactory tedious clunky lacking rude 🙁 ☹ 😕 😞 😒",
    1: "awful terrible horrible dreadful worst useless rubbish appalling disgusting atrocious"
    " shocking pathetic abysmal nightmare horrendous impossible disgraceful unacceptable hated hate"
    " crap shit garbage trash dire woeful 👎 😠 😡 🤬 🤮 😤",
}
_STEP_OF = {word: step for step, words in _STEPS.items() for word in words.split()}
_PHRASES = {  # what word by word would read otherwise
    "not great": 2, "not the best": 2, "could be better": 3, "could have been better": 2,
    "could've been better": 2, "couldn't be better": 5, "could not be better": 5,
    "couldn't be worse": 1, "could not be worse": 1, "could be worse": 3, "not bad": 4,
    "not too bad": 4, "not the worst": 3, "not terrible": 3, "not awful": 3, "not too good": 2,
    "no problem at all": 5, "no problems at all": 5, "no problems": 4, "no problem": 4,
    "no trouble": 4, "no trouble at all": 5, "not hard": 4, "not difficult": 4, "not easy": 2,
    "a piece of cake": 5, "piece of cake": 5, "easy peasy": 5, "below average": 2,
    "above average": 4, "nothing special": 3, "so so": 3, "a breeze": 5, "hard work": 2,
    "a waste of time": 1, "waste of time": 1, "a joke": 1, "a pain": 2, "a hassle": 2,
    "spot on": 5, "easy enough": 4, "good enough": 4, "top notch": 5, "a nightmare": 1,
    "not impressed": 2, "impressed": 5, "well done": 4, "good job": 4, "no good": 2, "great job": 5,
}  # fmt: skip
_OF_NPS = {
    "extremely likely": 10, "very likely": 9, "likely": 8, "quite likely": 8, "probably": 7,
    "possibly": 6, "maybe": 5, "unlikely": 3, "not likely": 3, "probably not": 2,
    "very unlikely": 1, "not very likely": 2, "never": 0, "definitely": 10, "absolutely": 10,
    "certainly": 10, "of course": 10, "definitely not": 0, "absolutely not": 0, "no way": 0,
    "no chance": 0, "i would": 9, "i wouldn't": 1, "i would not": 1, "i already have": 10,
}  # fmt: skip
_OF_CES = {
    "completely agree": 7, "totally agree": 7, "fully agree": 7, "i agree": 6, "i disagree": 2,
    "i strongly agree": 7, "i strongly disagree": 1, "somewhat agree": 5, "mostly agree": 6,
    "somewhat disagree": 3, "completely disagree": 1, "totally disagree": 1,
    "neither agree nor disagree": 4, "neutral": 4,
}  # fmt: skip
# A step on each scale. CES labels 6 'agree', 4 'neither', 2 'disagree'; NPS puts 9 and 10 to
# promoters and 0 to 6 to detractors (DOMAIN "Metrics"), so that good is an 8 and middling a 5.
_SCORES = {
    SurveyKind.CSAT: (1, 2, 3, 4, 5),
    SurveyKind.CES: (1, 2, 4, 6, 7),
    SurveyKind.NPS: (0, 3, 5, 8, 10),
}
_MADE_STRONGER_BY = (
    "very really so extremely super absolutely incredibly totally completely truly highly most"
    " bloody utterly exceptionally"
)
_MADE_WEAKER_BY = (
    "pretty quite fairly rather somewhat reasonably mostly bit little slightly kinda sorta kind"
    " sort relatively"
)
_TURNED_BY = "not wasn't isn't weren't never hardly wasnt isnt don't didn't doesn't dont didnt"
_SAYS_NOTHING = (
    "i it was is that this the a an you your my me we were it's its i'd i'm id im say guess think"
    " suppose would be been just all overall honestly tbh thanks thank much experience service"
    " everything process went chat bot to of and yes yeah well um uh hmm oh for with in too general"
    " that's thats actually feel felt found call today as from us they team staff lol haha mate"
    " cheers please getting get got done do did does"
)
_STRONGER = frozenset(_MADE_STRONGER_BY.split())
_WEAKER = frozenset(_MADE_WEAKER_BY.split())
_NEGATIONS = frozenset(_TURNED_BY.split())
_FILLER = frozenset(_SAYS_NOTHING.split())
_REASON = re.compile(r"\s(?:because|cos|as|since)\s|\s?[,;–—(]\s?|\s-\s|[.!]\s")
_TOKEN = re.compile(r"[\w'’-]+|[^\w\s]")
_LONGEST = 120  # characters; a longer text is a story, and its tone no score
_MOST_WORDS = 12


def guess_score(kind: SurveyKind, said: str) -> int | None:
    """The score that plain words (lower case, straight quotes) mean on the scale of `kind`.

    None when they hold no opinion, several, or anything else besides.
    """
    plain = said.strip(" .!,")
    if not plain or len(plain) > _LONGEST or kind not in _SCORES:
        return None
    ready = {SurveyKind.NPS: _OF_NPS, SurveyKind.CES: _OF_CES}.get(kind, {}).get(plain)
    if ready is not None:
        return ready
    opinion, *reason = _REASON.split(plain, maxsplit=1)
    steps = {step for part in (opinion, *reason) for step in _steps(_words(part))}
    is_all = _is_all_opinion(_words(opinion))
    if len(steps) != 1 or not is_all or not set(_steps(_words(opinion))):
        return None
    return _SCORES[kind][steps.pop() - 1]


def _words(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _steps(words: Sequence[str]) -> Iterator[int]:
    """The step of each opinion in `words`; a mild word beside another one says nothing."""
    found = [step for step, _, _ in _opinions(words)]
    strong = [step for step in found if step != 3]
    yield from strong or found


def _is_all_opinion(words: Sequence[str]) -> bool:
    taken = {at for _, start, end in _opinions(words) for at in range(start, end)}
    rest = [word for at, word in enumerate(words) if at not in taken]
    known = _FILLER | _STRONGER | _WEAKER
    return len(words) <= _MOST_WORDS and all(word in known or _is_mark(word) for word in rest)


def _is_mark(word: str) -> bool:
    return not word[0].isalnum() and word in ".!,'\"-️"


def _opinions(words: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Step, first and last place (half-open) of each opinion, the longest phrases first."""
    at = 0
    while at < len(words):
        length, step = _phrase(words, at)
        if not length and words[at] in _STEP_OF:
            length, step = 1, _turned(words, at)
        if length:
            start = _negated_from(words, at) if length == 1 else at
            yield step, start, at + length
        at += length or 1


def _phrase(words: Sequence[str], at: int) -> tuple[int, int]:
    for length in (4, 3, 2):
        step = _PHRASES.get(" ".join(words[at : at + length]))
        if step is not None and at + length <= len(words):
            return length, step
    return 0, 0


def _turned(words: Sequence[str], at: int) -> int:
    """The step of the word at `at`, made stronger, weaker or the opposite by those before it."""
    step = _STEP_OF[words[at]]
    if _negated_from(words, at) < at:
        return {5: 2, 4: 2, 3: 2, 2: 4, 1: 3}[step]
    before = words[at - 1] if at else ""
    if before in _STRONGER:
        return {4: 5, 2: 1}.get(step, step)
    if before in _WEAKER and step == 5:
        return 4
    return step


def _negated_from(words: Sequence[str], at: int) -> int:
    """Where the negation of the word at `at` begins; `at` itself when there is none."""
    for back in (1, 2, 3):
        before = words[at - back] if at >= back else ""
        if before in _NEGATIONS:
            return at - back
        if before not in _STRONGER | _WEAKER | {"that", "too", "particularly", "a", "all", "the"}:
            return at
    return at
