"""The settings that a question gives to its rule, each checked for what the rule takes."""

from collections.abc import Callable, Mapping

from core.errors import BadInput
from core.yaml_node import Item
from language.phrases import parse_phrase
from qa.rules.pattern import compile_pattern
from qa.rules.registry import SIGN_OPTIONS, SIGN_REQUIRED, WORDS_OF, OptionKind, RuleKind


def read_options(item: Item, kind: RuleKind, variables: frozenset[str]) -> dict[str, object]:
    """The options under a question, complete and of the right kinds.

    Raises:
        BadScorecard: naming the file, the line and the key.
    """
    options = item.child("options")
    if options is None:
        if kind.required:
            raise item.wrong("options", f"missing; it needs {', '.join(sorted(kind.required))}")
        return {}
    options.check_keys(frozenset(kind.options))
    for key in sorted(kind.required):
        options.need(key)
    read = {key: _option(options, key, kind.options[key], variables) for key in options.names()}
    wrong = kind.check(read) if kind.check else None
    if wrong:
        raise item.wrong("options", wrong)
    return read


def _option(item: Item, key: str, kind: OptionKind, variables: frozenset[str]) -> object:
    if kind in _LISTS:
        read = _LISTS[kind]
        return tuple(read(line, key) for line in item.lines(key))
    if kind is OptionKind.SIGNS:
        return tuple(_sign(child) for child in item.items(key))
    if kind is OptionKind.NUMBER:
        return item.number(key)
    return item.text(key) if kind is OptionKind.WORD else _word(item, key, kind, variables)


def _word(item: Item, key: str, kind: OptionKind, variables: frozenset[str]) -> str:
    value = item.text(key)
    allowed = WORDS_OF.get(kind, variables)
    if value not in allowed:
        raise item.wrong(key, f"{value!r} is not {kind.value}: {', '.join(sorted(allowed))}")
    return value


def _sign(item: Item) -> dict[str, object]:
    item.check_keys(frozenset(SIGN_OPTIONS))
    for key in sorted(SIGN_REQUIRED):
        item.need(key)
    return {key: _option(item, key, SIGN_OPTIONS[key], frozenset()) for key in item.names()}


def _phrase(line: Item, key: str) -> str:
    try:
        parse_phrase(line.value)
    except BadInput as error:
        raise line.wrong("", f"{key}: {error}") from error
    return line.value


def _pattern(line: Item, key: str) -> str:
    try:
        compile_pattern(line.value)
    except BadInput as error:
        raise line.wrong("", f"{key}: {error}") from error
    return line.value


def _plain(line: Item, _: str) -> str:
    return line.value


_LISTS: Mapping[OptionKind, Callable[[Item, str], str]] = {
    OptionKind.PHRASES: _phrase,
    OptionKind.PATTERNS: _pattern,
    OptionKind.PLAIN: _plain,
}
