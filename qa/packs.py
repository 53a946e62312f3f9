"""Packs: scorecards for a law or a standard, with their source, their owner and their examples.

A pack is a scorecard file with four keys more, and examples under its questions. One that names a
`scorecard` has that one's questions instead of its own, and its examples by their ids.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from core.errors import BadScorecard
from core.evaluation import Finding, Verdict
from core.scorecard import Question, Scorecard
from core.yaml_node import Item, compose
from language.pipeline import Pipeline
from language.sentiment import trace
from qa.cards import PACK_KEYS, PACKS, list_packs, load_scorecard, read_card, scorecard_in
from qa.examples import Example, read_examples
from qa.rules.base import Case, passages_of
from qa.scoring import answers

BORROWED_KEYS = PACK_KEYS | {"name", "version", "title", "description", "scorecard", "examples"}
EXAMPLE_NAME = "Northwind"  # of a variable without a default, in examples


@dataclass(frozen=True, slots=True)
class Pack:
    """A scorecard, where it holds, what it rests on, who answers for it, and its examples."""

    name: str
    version: int
    title: str
    jurisdiction: str
    citations: tuple[str, ...]
    owner: str
    note: str
    scorecard: Scorecard
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that did not get its answer."""

    example: Example
    said: Verdict
    reason: str


def load_pack(name_or_path: str) -> Pack:
    """A pack by its name, or from a YAML file.

    Raises:
        NotFound: there is neither a pack of this name nor such a file.
        BadScorecard: naming the file, the line and the key.
    """
    if name_or_path in list_packs():
        path = PACKS / f"{name_or_path}.yml"
        return parse_pack(path.read_text(encoding="utf-8"), path.name)
    return parse_pack(*read_card(name_or_path))


def parse_pack(text: str, file: str) -> Pack:
    """Read a pack from YAML text; `file` names it in errors.

    Raises:
        BadScorecard: naming the file, the line and the key.
    """
    item = compose(text, file, error=BadScorecard, what="pack")
    for key in sorted(PACK_KEYS):
        item.need(key)
    if item.has("scorecard"):
        item.check_keys(BORROWED_KEYS)
        card = load_scorecard(item.text("scorecard"))
        examples = tuple(_borrowed_examples(item, card))
    else:
        card = scorecard_in(item)
        examples = tuple(_own_examples(item, card))
    return Pack(
        name=item.text("name"),
        version=item.whole_number("version"),
        title=item.text("title"),
        jurisdiction=item.text("jurisdiction"),
        citations=tuple(line.value for line in item.lines("citations")),
        owner=item.text("owner"),
        note=item.text("note"),
        scorecard=card,
        examples=examples,
    )


def failures(pack: Pack, pipeline: Pipeline) -> Iterator[Failure]:
    """The examples whose question is answered otherwise than they say."""
    for example in pack.examples:
        found = answer_example(pack.scorecard, example, pipeline)
        if found.verdict is not example.verdict:
            yield Failure(example, found.verdict, found.reason)


def answer_example(card: Scorecard, example: Example, pipeline: Pipeline) -> Finding:
    """What the scorecard answers to the example's question."""
    talk = example.conversation
    variables = {name: value or EXAMPLE_NAME for name, value in card.variables.items()}
    case = Case(talk, passages_of(talk, pipeline), pipeline, variables, trace(talk))
    found = answers(case, card.questions)
    return next(one for one in found if one.question == example.question)


def _own_examples(item: Item, card: Scorecard) -> Iterator[Example]:
    for child in _questions(item.items("sections")):
        examples = child.child("examples")
        if examples is not None:
            yield from read_examples(examples, _asked(card, child.text("id")))


def _questions(sections: tuple[Item, ...]) -> Iterator[Item]:
    for section in sections:
        if section.has("questions"):
            yield from section.items("questions")
        if section.has("sections"):
            yield from _questions(section.items("sections"))


def _borrowed_examples(item: Item, card: Scorecard) -> Iterator[Example]:
    examples = item.need_child("examples")
    for name in examples.names():
        question = card.question(name)
        if question is None:
            raise examples.wrong(name, f"the scorecard {card.name} has no such question")
        yield from read_examples(examples.need_child(name), question)


def _asked(card: Scorecard, question_id: str) -> Question:
    return next(question for question in card.questions if question.id == question_id)
