"""Words and marks of a turn that tell its tone, counted: hurry, blame, thanks, capitals."""

import re
from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from qa.vectors import Floats

# Everyday words, by what they tell; collected by hand, a word may stand in several lists.
_FAMILIES: Mapping[str, str] = {
    "hurry": "hurry quick quickly asap immediately urgent urgently fast faster rush soon right away"
    " late running out",
    "slow": "slow slowly wait waiting waited forever long still yet taking takes took ages hours"
    " hold finally",
    "why": "why wtf seriously really",
    "again": "already again said told repeat repeating twice asked answered keep keeps before gave",
    "swear": "fuck fucking fucked shit damn dammit hell crap ass asshole bitch stupid idiot dumb"
    " moron bullshit suck sucks screw piss pissed bloody god jesus",
    "dislike": "hate annoying annoyed ridiculous terrible awful worst useless waste wasting joke"
    " pathetic horrible bad unacceptable angry mad upset frustrated frustrating disappointed"
    " disappointing poor rude wrong worse sick tired fed unbelievable nonsense pain mess fail"
    " failed nightmare hopeless incompetent complain complaint manager supervisor scam",
    "quit": "nevermind never forget whatever elsewhere instead anymore bother",
    "sad": "bummer sad shame unfortunately unfortunate pity darn unlucky ugh argh aw aww oh",
    "no": "no not don't dont can't cant won't wont didn't didnt isn't doesn't doesnt never nothing"
    " none nobody cannot",
    "thanks": "thank thanks thx ty cheers appreciate appreciated grateful",
    "please": "please pls kindly",
    "praise": "great perfect awesome wonderful excellent good love lovely nice amazing fantastic"
    " cool brilliant happy glad best helpful sweet yay super",
    "laugh": "haha lol hahaha lmao hehe",
    "sorry": "sorry apologies apologize apologise oops",
    "you": "you your you're u ur yourself",
    "me": "i i'm my me mine",
    "greeting": "hi hello hey morning afternoon evening",
}
_MARKS = ("exclaims", "asks", "trails_off", "shouts", "insists", "lower_case", "words")
TONES = (*_FAMILIES, *_MARKS)
MOST = 2.0  # of one family in a turn; a third 'thanks' tells nothing more
MOST_WORDS = 40.0  # a longer turn is long, how long tells nothing
_OF: Mapping[str, tuple[int, ...]] = {
    word: tuple(place for place, words in enumerate(_FAMILIES.values()) if word in words.split())
    for words in _FAMILIES.values()
    for word in words.split()
}
_WORD = re.compile(r"[a-z']+")
_CAPITALS = re.compile(r"\b[A-Z]{3,}\b")
_INSISTS = re.compile(r"\?!|!\?|\?\?|!!")


@lru_cache(maxsize=4096)
def tone_of(text: str) -> Floats:
    """How often each of `TONES` occurs in a turn: float32, (len(TONES),); do not change it."""
    words = _WORD.findall(text.lower().replace("’", "'"))
    counts = np.zeros(len(TONES), dtype=np.float32)
    for word in words:
        for place in _OF.get(word, ()):
            counts[place] += 1
    counts[len(_FAMILIES) :] = (
        text.count("!"),
        text.count("?"),
        ".." in text,
        len(_CAPITALS.findall(text)),
        _INSISTS.search(text) is not None,
        text == text.lower(),
        min(len(words), MOST_WORDS),
    )
    counts[:-1] = np.minimum(counts[:-1], MOST)
    return counts
