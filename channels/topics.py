"""Matters that are not the bot's alone: found in a turn by the phrases of a data file."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from core.errors import BadInput, BadSettings
from core.yaml_node import Item, compose
from language.phrases import parse_phrase
from language.pipeline import Pipeline

SHIPPED = Path(__file__).with_name("topics.yml")
KEYS = frozenset({"place", "person", "words", "phrases", "unless", "near_misses"})


class Place(StrEnum):
    """Where the words of a topic stand."""

    INSTEAD = "instead"  # of the bot's answer
    BEFORE = "before"  # it, and nobody is asked afterwards how it went
    WITH = "with"


@dataclass(frozen=True, slots=True)
class Topic:
    """One matter: what it is recognised by, and what is said to it.

    `near_misses` are sentences that only look like it, for the tests.
    """

    name: str
    place: Place
    offers_person: bool
    words: str
    phrases: tuple[str, ...]
    unless: tuple[str, ...] = ()
    near_misses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topics:
    """All matters, the gravest first, and the reader of turns."""

    topics: tuple[Topic, ...]
    pipeline: Pipeline

    @property
    def careful(self) -> tuple[Topic, ...]:
        """Those after whose words nobody is asked how it went."""
        return tuple(one for one in self.topics if one.place is not Place.WITH)

    def find(self, text: str) -> Topic | None:
        """The gravest matter that a text is about."""
        reading = self.pipeline.read(text)
        for topic in self.topics:
            if self.pipeline.find(reading, topic.phrases) and not (
                topic.unless and self.pipeline.find(reading, topic.unless)
            ):
                return topic
        return None


@cache
def shipped_topics() -> Topics:
    """The topics of this checkout, read and compiled at their first use."""
    return Topics(load_topics(), Pipeline())


def load_topics(path: Path = SHIPPED) -> tuple[Topic, ...]:
    """The topics of a YAML file, in its order.

    Raises:
        BadSettings: naming file, line and key of what is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path}: cannot be read: {error}") from error
    top = compose(text, str(path), error=BadSettings, what="the topics")
    return tuple(_topic(top.need_child(name), name) for name in top.names())


def _topic(item: Item, name: str) -> Topic:
    item.check_keys(KEYS)
    return Topic(
        name=name,
        place=item.one_of("place", Place),
        offers_person=item.flag("person", default=True),
        words=" ".join(item.text("words").split()),
        phrases=_phrases(item, "phrases"),
        unless=_phrases(item, "unless") if item.has("unless") else (),
        near_misses=tuple(line.value for line in item.lines("near_misses"))
        if item.has("near_misses")
        else (),
    )


def _phrases(item: Item, key: str) -> tuple[str, ...]:
    for line in item.lines(key):
        try:
            parse_phrase(line.value)
        except BadInput as error:
            raise line.wrong("", str(error)) from error
    return tuple(line.value for line in item.lines(key))
