"""Scorecards on disk: YAML in, core types out, every error with its file, line and key."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from core.applicability import EVERYWHERE, Applicability, Side
from core.conversation import CallDirection, Channel
from core.errors import BadInput, BadScorecard, NotFound
from core.scorecard import Question, Scorecard, Section, check_conditions
from core.yaml_node import Item, compose
from qa.card_questions import read_question

FOLDER = Path(__file__).with_name("scorecards")
PACKS = Path(__file__).with_name("packs")
CARD_KEYS = frozenset(
    {
        "name", "version", "title", "description", "pass_mark", "points", "variables",
        "applies_to", "dropped", "sections",
    }
)  # fmt: skip
PACK_KEYS = frozenset({"jurisdiction", "citations", "owner", "note"})  # read by qa/packs.py
APPLIES_KEYS = frozenset(
    {"queues", "channels", "directions", "languages", "served_by", "least_seconds", "least_turns"}
)
SECTION_KEYS = frozenset({"id", "title", "weight", "questions", "sections"})
Made = TypeVar("Made")


def list_scorecards() -> tuple[str, ...]:
    """Names of the scorecards that come with Parley."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yml")))


def list_packs() -> tuple[str, ...]:
    """Names of the packs that come with Parley."""
    return tuple(sorted(path.stem for path in PACKS.glob("*.yml")))


def load_scorecard(name_or_path: str | Path) -> Scorecard:
    """Load a scorecard by its name, or from a YAML file.

    Raises:
        NotFound: there is neither a scorecard of this name nor such a file.
        BadScorecard: naming the file, the line and the key.
    """
    text, file = read_card(name_or_path)
    return parse_scorecard(text, file)


def read_card(name_or_path: str | Path) -> tuple[str, str]:
    """The YAML of a scorecard or a pack and the file's name, as errors call it.

    Raises:
        NotFound: there is neither a scorecard or pack of this name nor such a file.
        BadScorecard: the file cannot be read.
    """
    path = Path(name_or_path)
    if str(name_or_path) in list_scorecards():
        path = FOLDER / f"{name_or_path}.yml"
    elif str(name_or_path) in list_packs():
        path = PACKS / f"{name_or_path}.yml"
    elif not path.is_file():
        raise NotFound(
            f"no scorecard is called {name_or_path}; there are "
            f"{', '.join(dict.fromkeys((*list_scorecards(), *list_packs())))}, "
            "or give the path of a YAML file"
        )
    try:
        return path.read_text(encoding="utf-8"), path.name
    except (OSError, UnicodeDecodeError) as error:
        raise BadScorecard(f"{path}: cannot be read: {error}") from error


@lru_cache(maxsize=64)  # texts; a form is asked for with every conversation, and read in 0.06 s
def parse_scorecard(text: str, file: str) -> Scorecard:
    """Read a scorecard from YAML text; `file` names it in errors.

    Raises:
        BadScorecard: naming the file, the line and the key.
    """
    card = compose(text, file, error=BadScorecard, what="scorecard")
    return scorecard_in(card)


def scorecard_in(card: Item) -> Scorecard:
    """The scorecard of a YAML file that is already read.

    Raises:
        BadScorecard: naming the file, the line and the key.
    """
    card.check_keys(CARD_KEYS | PACK_KEYS)
    variables = card.texts_by_key("variables")
    form = _Form(frozenset(variables))
    sections = tuple(form.section(item) for item in card.items("sections"))
    return _made(
        card,
        lambda: Scorecard(
            name=card.text("name"),
            version=card.whole_number("version"),
            title=card.text("title"),
            sections=sections,
            pass_mark=_pass_mark(card),
            variables=variables,
            description=card.text("description") if card.has("description") else "",
            points=card.number("points", default=100.0),
            applies_to=_applies_to(card),
            dropped=_words(card, "dropped"),
        ),
    )


def _pass_mark(card: Item) -> float:
    mark = card.number("pass_mark", default=0.0)
    if not 0 <= mark <= 100:
        raise card.wrong("pass_mark", "a number from 0 to 100 was expected")
    return mark


def _applies_to(card: Item) -> Applicability:
    item = card.child("applies_to")
    if item is None:
        return EVERYWHERE
    item.check_keys(APPLIES_KEYS)
    return _made(
        item,
        lambda: Applicability(
            queues=_words(item, "queues"),
            channels=frozenset(item.choices("channels", Channel)),
            directions=frozenset(item.choices("directions", CallDirection)),
            languages=_words(item, "languages"),
            served_by=frozenset(item.choices("served_by", Side)),
            least_seconds=item.number("least_seconds", default=0.0),
            least_turns=int(item.number("least_turns", default=0.0)),
        ),
    )


def _words(item: Item, key: str) -> frozenset[str]:
    return frozenset(line.value for line in item.lines(key)) if item.has(key) else frozenset()


class _Form:
    """The questions read so far, so that each is checked where it stands in the file."""

    def __init__(self, variables: frozenset[str]) -> None:
        self._variables = variables
        self._questions: dict[str, Question] = {}

    def section(self, item: Item) -> Section:
        """The section under `item` with all that is in it."""
        item.check_keys(SECTION_KEYS)
        if not item.has("questions") and not item.has("sections"):
            raise item.wrong("", "it needs 'questions', or 'sections' that hold them")
        questions = item.items("questions") if item.has("questions") else ()
        sections = item.items("sections") if item.has("sections") else ()
        return _made(
            item,
            lambda: Section(
                item.text("id"),
                item.text("title"),
                item.number("weight"),
                tuple(self._question(child) for child in questions),
                tuple(self.section(child) for child in sections),
            ),
        )

    def _question(self, item: Item) -> Question:
        question = read_question(item, self._variables)
        if question.id in self._questions:
            raise item.wrong("id", f"there are two questions with one id, {question.id}")
        try:
            check_conditions(question, self._questions)
        except BadInput as error:
            raise item.wrong("when", str(error)) from error
        self._questions[question.id] = question
        return question


def _made(item: Item, make: Callable[[], Made]) -> Made:
    """Run `make`; a rule of the core types that is broken gets the file and the line in front."""
    try:
        return make()
    except BadScorecard:
        raise
    except BadInput as error:
        raise item.wrong("", str(error)) from error
