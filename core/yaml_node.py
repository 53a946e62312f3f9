"""One node of a YAML file, read with checks; every complaint names file, line and key."""

import math
from enum import StrEnum
from typing import TypeVar

import yaml
from yaml.reader import ReaderError

from core.errors import BadInput

Choice = TypeVar("Choice", bound=StrEnum)


class Item:
    """A YAML node, the file it stands in, and its path there ('sections[0].questions[2]').

    `error` is what a complaint is raised as, `what` the kind of file it speaks of.
    """

    def __init__(
        self, node: yaml.Node, file: str, path: str, *, error: type[BadInput], what: str
    ) -> None:
        self.node = node
        self.file = file
        self.path = path
        self.error = error
        self.what = what
        self._children: dict[str, yaml.Node] | None = None
        self._lines: dict[str, int] = {}

    @property
    def value(self) -> str:
        """The text of a scalar node."""
        return str(self.node.value)

    def wrong(self, key: str, problem: str) -> BadInput:
        """The error for `key` of this node, or for the node itself."""
        line = self._lines.get(key, self.node.start_mark.line) if key else self.node.start_mark.line
        where = f"{self.path}.{key}" if self.path and key else self.path or key
        return self.error(f"{self.file}:{line + 1}: {where or self.what}: {problem}")

    def names(self) -> tuple[str, ...]:
        """The keys of a mapping, in order."""
        return tuple(self._mapping())

    def check_keys(self, known: frozenset[str]) -> None:
        """Raise the error for the first key that is not `known`."""
        for key in self._mapping():
            if key not in known:
                expected = ", ".join(sorted(known)) or "none here"
                raise self.wrong(key, f"unknown key; known are {expected}")

    def need(self, key: str) -> yaml.Node:
        """The node of `key`, which must be there."""
        node = self._mapping().get(key)
        if node is None:
            raise self.wrong("", f"the key {key!r} is missing")
        return node

    def has(self, key: str) -> bool:
        """Whether the key is given."""
        return key in self._mapping()

    def is_mapping(self, key: str) -> bool:
        """Whether keys stand under `key`."""
        return isinstance(self._mapping().get(key), yaml.MappingNode)

    def need_child(self, key: str) -> "Item":
        """What stands under `key`, which must be there."""
        return self._item(self.need(key), self._at(key))

    def one_of(self, key: str, kind: type[Choice]) -> Choice:
        """One of a few words, which must be there."""
        return self._one_of(key, self.text(key), kind)

    def child(self, key: str) -> "Item | None":
        """The node of `key`, if it is there."""
        node = self._mapping().get(key)
        return None if node is None else self._item(node, self._at(key))

    def text(self, key: str) -> str:
        """A text that is not empty."""
        node = self.need(key)
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise self.wrong(key, "a text was expected")
        return str(node.value).strip()

    def number(self, key: str, *, default: float | None = None) -> float:
        """A finite number."""
        if default is not None and key not in self._mapping():
            return default
        node = self.need(key)
        is_number = isinstance(node, yaml.ScalarNode) and node.tag.endswith((":int", ":float"))
        try:
            value = float(node.value) if is_number else math.nan
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise self.wrong(key, "a number was expected")
        return value

    def whole_number(self, key: str) -> int:
        """A number without a fraction, 1 or more."""
        value = self.number(key)
        if value < 1 or value != int(value):
            raise self.wrong(key, "a whole number from 1 was expected")
        return int(value)

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        node = self._mapping().get(key)
        if node is None:
            return default
        if node.tag != "tag:yaml.org,2002:bool":
            raise self.wrong(key, "true or false was expected")
        return str(node.value).lower() in ("true", "yes", "on")

    def choice(self, key: str, kind: type[Choice], *, default: Choice) -> Choice:
        """One of a few words."""
        if key not in self._mapping():
            return default
        return self._one_of(key, self.text(key), kind)

    def choices(self, key: str, kind: type[Choice]) -> tuple[Choice, ...]:
        """A list of a few words; empty where it is not given."""
        if key not in self._mapping():
            return ()
        return tuple(self._one_of(key, line.value, kind) for line in self.lines(key))

    def lines(self, key: str) -> "tuple[Item, ...]":
        """A list of texts, each with its own line."""
        lines = self.items(key)
        for line in lines:
            if not isinstance(line.node, yaml.ScalarNode) or not line.value.strip():
                raise line.wrong("", "a text was expected")
        return lines

    def items(self, key: str) -> "tuple[Item, ...]":
        """A list that is not empty."""
        node = self.need(key)
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            raise self.wrong(key, "a list was expected")
        return tuple(
            self._item(child, f"{self._at(key)}[{index}]") for index, child in enumerate(node.value)
        )

    def texts_by_key(self, key: str) -> dict[str, str]:
        """A mapping of names to texts, which may be empty; none where it is not given."""
        found = self.child(key)
        if found is None:
            return {}
        for name, node in found._mapping().items():
            if not isinstance(node, yaml.ScalarNode):
                raise found.wrong(name, "a text was expected")
        return {name: str(node.value) for name, node in found._mapping().items()}

    def _item(self, node: yaml.Node, path: str) -> "Item":
        return Item(node, self.file, path, error=self.error, what=self.what)

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def _one_of(self, key: str, value: str, kind: type[Choice]) -> Choice:
        try:
            return kind(value)
        except ValueError as error:
            raise self.wrong(key, f"{value!r} is not one of {', '.join(kind)}") from error

    def _mapping(self) -> dict[str, yaml.Node]:
        if self._children is None:
            self._children = self._read_mapping()
        return self._children

    def _read_mapping(self) -> dict[str, yaml.Node]:
        line = self.node.start_mark.line + 1
        if not isinstance(self.node, yaml.MappingNode):
            raise self.error(f"{self.file}:{line}: {self.path or self.what}: keys were expected")
        children: dict[str, yaml.Node] = {}
        for key, value in self.node.value:
            if str(key.value) in children:
                line = key.start_mark.line + 1
                raise self.error(f"{self.file}:{line}: {self._at(str(key.value))}: given twice")
            children[str(key.value)] = value
            self._lines[str(key.value)] = key.start_mark.line
        return children


def compose(text: str, file: str, *, error: type[BadInput], what: str) -> Item:
    """The top node of a YAML text; `file` names it in errors.

    Raises:
        BadInput: of the kind `error`; it is no YAML, or empty.
    """
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        raise error(f"{file}:{line}: not YAML: {problem.problem}") from problem
    except ReaderError as problem:
        line = text.count("\n", 0, problem.position) + 1
        raise error(
            f"{file}:{line}: this is no text file; it holds a character that no text has"
        ) from problem
    except yaml.YAMLError as problem:
        raise error(f"{file}:1: not YAML: {problem}") from problem
    if node is None:
        raise error(f"{file}:1: the file is empty")
    return Item(node, file, "", error=error, what=what)
