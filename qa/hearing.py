"""How well the words that an answer rests on were heard; badly heard ones leave it unsure.

The recogniser's own probabilities tell it. Where it gives none, three signs stand in: the words
repeat themselves, come faster than anybody speaks, or are no words. How well each of the two does
was measured, and `hearing_note` says it beside the score: benchmarks/qa/README.md, "hearing".
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from statistics import fmean

from core.conversation import Conversation, Turn, Word
from core.evaluation import Evidence, Finding, Verdict
from language.numbers import DIGITS
from language.vocabulary import is_word

HEARD_WELL = 0.6  # mean probability of the quoted words; below it 93 of 100 passages are wrong
FASTEST = 7.0  # words a second; the fastest of readers reach 6
REPEATED = 0.5  # share of runs of three words, numbers apart, that were said before in the passage
UNKNOWN = 0.4  # share of words that no dictionary has
LEAST_WORDS = 4  # a shorter passage shows none of the three
FOUND = {True: 52, False: 3}  # of 100 badly heard passages, with and without probabilities
_WORD = re.compile(r"[a-z0-9']+")


def heard_well(conversation: Conversation, finding: Finding) -> Finding:
    """The finding, or unsure when its words were mostly guesses of the recogniser."""
    if not finding.is_answered or not finding.evidence:
        return finding
    words = [word for piece in finding.evidence for word in _words(conversation, piece)]
    chances = [word.probability for word in words if word.probability is not None]
    if chances:
        doubt = f"the words were heard with {fmean(chances):.0%} certainty"
        is_doubtful = fmean(chances) < HEARD_WELL
    else:
        doubt = _doubt(words)
        is_doubtful = bool(doubt)
    if not is_doubtful:
        return finding
    return replace(
        finding,
        verdict=Verdict.UNSURE,
        confidence=0.5,
        probability=0.5,
        reason=f"{finding.reason}; but {doubt}",
    )


def hearing_note(conversation: Conversation) -> str | None:
    """How far badly heard words are noticed in a call, in a sentence; None for a chat."""
    words = list(_all_words(conversation.turns))
    if not conversation.is_voice or not words:
        return None
    has_chances = any(word.probability is not None for word in words)
    how = "by its own doubts" if has_chances else "by repetition, pace and unknown words alone"
    return (
        f"Badly heard words are noticed {how}: {FOUND[has_chances]} of 100 such passages were "
        "found when it was measured; listen to what matters."
    )


def _doubt(words: Sequence[Word]) -> str:
    """Which of the three signs a passage shows, in words; empty for none."""
    said = [part for word in words for part in _WORD.findall(word.text.lower())]
    if len(said) < LEAST_WORDS:
        return ""
    plain = [word for word in said if word not in DIGITS and not word.isdecimal()]
    runs = list(zip(plain, plain[1:], plain[2:], strict=False))
    seconds = words[-1].span.end - words[0].span.start
    if runs and 1 - len(set(runs)) / len(runs) >= REPEATED:
        return "the recogniser repeats itself here"
    if seconds > 0 and len(said) / seconds > FASTEST:
        return f"{len(said) / seconds:.0f} words a second are faster than anybody speaks"
    unknown = sum(not is_word(word) for word in said)
    if unknown >= UNKNOWN * len(said):
        return f"{unknown} of {len(said)} words are in no dictionary"
    return ""


def _words(conversation: Conversation, evidence: Evidence) -> Iterable[Word]:
    """The spoken words under a quote."""
    turn = conversation.turn(evidence.turn)
    if turn is None or turn.speech is None:
        return ()
    return tuple(
        word
        for word, place in zip(turn.speech.words, turn.word_spans(), strict=True)
        if place is not None and place.overlaps(evidence.span)
    )


def _all_words(turns: Iterable[Turn]) -> Iterable[Word]:
    return (word for turn in turns if turn.speech for word in turn.speech.words)
