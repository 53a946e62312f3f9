"""Scorecards on disk: YAML in, core types out, every error with its file, line and key."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from core.conversation import Channel, Role
from core.errors import BadInput, BadScorecard, NotFound
from core.scorecard import Criticality, Question, Scorecard, Section
from core.yaml_node import Item, compose
from language.phrases import parse_phrase
from qa.rules.registry import RULES, SIGN_OPTIONS, SIGN_REQUIRED, OptionKind, RuleKind

FOLDER = Path(__file__).with_name("scorecards")
CARD_KEYS = frozenset({"name", "version", "title", "pass_mark", "variables", "sections"})
SECTION_KEYS = frozenset({"id", "title", "weight", "questions"})
QUESTION_KEYS = frozenset(
    {"id", "text", "weight", "rule", "options", "criticality", "channels", "person_only"}
)
Made = TypeVar("Made")


def list_scorecards() -> tuple[str, ...]:
    """Names of the scorecards that come with Parley."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yml")))


def load_scorecard(name_or_path: str | Path) -> Scorecard:
    """Load a scorecard by its name, or from a YAML file.

    Raises:
        NotFound: there is neither a scorecard of this name nor such a file.
        BadScorecard: naming the file, the line and the key.
    """
    path = Path(name_or_path)
    if str(name_or_path) in list_scorecards():
        path = FOLDER / f"{name_or_path}.yml"
    elif not path.is_file():
        raise NotFound(
            f"no scorecard is called {name_or_path}; there are {', '.join(list_scorecards())}, "
            "or give the path of a YAML file"
        )
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadScorecard(f"{path}: cannot be read: {error}") from error
    return parse_scorecard(text, path.name)


def parse_scorecard(text: str, file: str) -> Scorecard:
    """Read a scorecard from YAML text; `file` names it in errors.

    Raises:
        BadScorecard: naming the file, the line and the key.
    """
    card = compose(text, file, error=BadScorecard, what="scorecard")
    card.check_keys(CARD_KEYS)
    variables = card.texts_by_key("variables")
    sections = tuple(_section(item, frozenset(variables)) for item in card.items("sections"))
    return _made(
        card,
        lambda: Scorecard(
            name=card.text("name"),
            version=card.whole_number("version"),
            title=card.text("title"),
            sections=sections,
            pass_mark=card.number("pass_mark", default=0.0),
            variables=variables,
        ),
    )


def _section(item: Item, variables: frozenset[str]) -> Section:
    item.check_keys(SECTION_KEYS)
    questions = tuple(_question(child, variables) for child in item.items("questions"))
    return _made(
        item,
        lambda: Section(item.text("id"), item.text("title"), item.number("weight"), questions),
    )


def _question(item: Item, variables: frozenset[str]) -> Question:
    item.check_keys(QUESTION_KEYS)
    rule = item.text("rule")
    if rule not in RULES:
        raise item.wrong("rule", f"no rule is called {rule!r}; there are {', '.join(RULES)}")
    return _made(
        item,
        lambda: Question(
            id=item.text("id"),
            text=item.text("text"),
            weight=item.number("weight"),
            rule=rule,
            options=_options(item, RULES[rule], variables),
            criticality=item.choice("criticality", Criticality, default=Criticality.NORMAL),
            channels=frozenset(item.choices("channels", Channel)),
            person_only=item.flag("person_only", default=True),
        ),
    )


def _options(item: Item, kind: RuleKind, variables: frozenset[str]) -> dict[str, object]:
    options = item.child("options")
    if options is None:
        if kind.required:
            raise item.wrong("options", f"missing; it needs {', '.join(sorted(kind.required))}")
        return {}
    options.check_keys(frozenset(kind.options))
    for key in sorted(kind.required):
        options.need(key)
    return {key: _option(options, key, kind.options[key], variables) for key in options.names()}


def _option(item: Item, key: str, kind: OptionKind, variables: frozenset[str]) -> object:
    if kind is OptionKind.PHRASES:
        return tuple(_phrase(line, key) for line in item.lines(key))
    if kind is OptionKind.PLAIN:
        return tuple(line.value for line in item.lines(key))
    if kind is OptionKind.SIGNS:
        return tuple(_sign(child) for child in item.items(key))
    if kind is OptionKind.NUMBER:
        return item.number(key)
    if kind is OptionKind.WORD:
        return item.text(key)
    return _word(item, key, kind, variables)


def _word(item: Item, key: str, kind: OptionKind, variables: frozenset[str]) -> str:
    value = item.text(key)
    allowed = {
        OptionKind.ROLE: frozenset({Role.AGENT.value, Role.CUSTOMER.value, Role.BOT.value}),
        OptionKind.WINDOW: frozenset({"opening", "closing", "anywhere"}),
        OptionKind.PART: frozenset({"any", "last", "final"}),
    }.get(kind, variables)
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


def _made(item: Item, make: Callable[[], Made]) -> Made:
    """Run `make`; a rule of the core types that is broken gets the file and the line in front."""
    try:
        return make()
    except BadScorecard:
        raise
    except BadInput as error:
        raise item.wrong("", str(error)) from error
