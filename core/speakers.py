"""Voices of a call by the turns that name them: whose each is, and what it said."""

from collections import Counter
from collections.abc import Iterable, Mapping

from core.conversation import Role, Turn
from core.measures import CallMeasures, Share


def roles_of(turns: Iterable[Turn]) -> dict[str, Role]:
    """Whom each voice of these turns belongs to, by most of its turns."""
    seen: dict[str, Counter[Role]] = {}
    for turn in turns:
        if turn.speech and turn.speech.speaker:
            seen.setdefault(turn.speech.speaker, Counter())[turn.role] += 1
    return {speaker: counts.most_common(1)[0][0] for speaker, counts in seen.items()}


def words_of(turns: Iterable[Turn], speaker: str) -> int:
    """How many words this voice said."""
    return sum(
        len(turn.speech.words or turn.text.split())
        for turn in turns
        if turn.speech and turn.speech.speaker == speaker
    )


def talk_share(measures: CallMeasures, roles: Mapping[str, Role]) -> Share | None:
    """Agent's talk / (agent's + customer's talk); None while either is not known.

    Args:
        roles: of the voices, as `roles_of` gives them.
    """
    talk: dict[Role, float] = {}
    for voice in measures.voices:
        role = roles.get(voice.speaker, Role.UNKNOWN)
        talk[role] = talk.get(role, 0.0) + voice.talk_seconds
    if Role.AGENT not in talk or Role.CUSTOMER not in talk:
        return None
    return Share(talk[Role.AGENT], talk[Role.AGENT] + talk[Role.CUSTOMER])
