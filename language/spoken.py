"""In which language a conversation was held, as a whole."""

from collections import Counter

from core.conversation import Conversation
from language.tongues import find_other_tongue
from language.word_lists import load_words

ENGLISH = "en"
# Of common English words: the least of 2,901 dialogues of STAR is 0.41, the most of the eight
# tongues of tests/language/test_spoken.py 0.08.
ENGLISH_SHARE = 0.4
LEAST_WORDS = 5  # in all; fewer are names and greetings
SHOWN = 12  # turns that the classifier reads, the longest ones


def language_of(conversation: Conversation) -> str | None:
    """Its ISO 639-1 code: as it is told, else by its words; None when they do not say."""
    if conversation.language:
        return conversation.language.lower().replace("_", "-").split("-")[0]
    texts = [turn.text for turn in conversation.turns if turn.text.strip()]
    words = " ".join(texts).lower().split()
    if len(words) < LEAST_WORDS:
        return None
    known = load_words("common_words")
    enough = ENGLISH_SHARE * len(words)
    if sum(map(known.__contains__, words)) >= enough:  # even with the signs at words left on
        return ENGLISH
    if sum(word.strip(".,!?;:\"'()") in known for word in words) >= enough:
        return ENGLISH
    return _voted(texts)


def _voted(texts: list[str]) -> str | None:
    """The tongue that most of the longest turns are in; English where they do not agree."""
    longest = sorted(texts, key=len, reverse=True)[:SHOWN]
    votes = Counter(find_other_tongue(text) or ENGLISH for text in longest)
    tongue, count = votes.most_common(1)[0]
    return tongue if count > len(longest) / 2 else None
