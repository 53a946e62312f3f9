"""The bot's words in domain.yml, held to what fills and follows them.

Rasa trains and starts with a name that nothing fills, and then shows customers the whole text as
it is written, braces and all.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from core.errors import BadDomain
from core.yaml_node import Item, compose

_GREETING = frozenset({"company", "retention_days"})
_ARTICLE = frozenset({"passage", "title", "link"})
_NOTHING = frozenset[str]()
# response -> what the actions fill in; all of these are said by them or by data/rules.yml
FILLED: Mapping[str, frozenset[str]] = {
    "utter_greet": _GREETING,
    "utter_greet_name": _GREETING | {"name"},
    "utter_greet_order": _GREETING | {"name", "number", "item"},
    "utter_greet_ticket": _GREETING | {"name", "number"},
    "utter_explain_bot": _GREETING,
    "utter_opening_hours": frozenset({"state", "hours"}),
    "utter_article": _ARTICLE,
    "utter_article_in_between": _ARTICLE,
    "utter_article_helped": _NOTHING,
    "utter_article_missed": _NOTHING,
    "utter_perhaps_articles": frozenset({"articles"}),
    "utter_no_article_in_between": _NOTHING,
    "utter_no_article": _NOTHING,
    "utter_thanks": _NOTHING,
    "utter_goodbye": _NOTHING,
    "utter_never_mind": _NOTHING,
    "utter_help": _NOTHING,
    "utter_out_of_scope": _NOTHING,
    "utter_rephrase": _NOTHING,
    "utter_other_language": frozenset({"sentence"}),
    "utter_did_you_mean": frozenset({"first", "second"}),
    "utter_which_of_these": _NOTHING,
    "utter_misunderstood": _NOTHING,
    "utter_what_else": _NOTHING,
    "utter_default": _NOTHING,
    "utter_offer_person": _NOTHING,
    "utter_offer_person_change": frozenset({"why"}),
    "utter_offer_person_lost": _NOTHING,
    "utter_offer_person_lookup": frozenset({"why"}),
}
_NAME = re.compile(r"{([^\n]+?)}")  # as Rasa 3.6 finds them, rasa/core/nlg/interpolator.py


def check_responses(path: Path) -> int:
    """How many responses a domain has.

    Raises:
        BadDomain: naming file and line of a response that is missing, of a name that nothing
            fills, or of a button that begins nothing.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadDomain(f"{path}: cannot be read: {error}") from error
    domain = compose(text, str(path), error=BadDomain, what="the domain")
    responses = domain.need_child("responses")
    for name in FILLED:
        responses.need(name)
    slots = frozenset(domain.need_child("slots").names())
    intents = frozenset(line.value for line in domain.lines("intents"))
    for name in responses.names():
        for variation in responses.items(name):
            _check_text(variation, FILLED.get(name, _NOTHING), slots)
            _check_buttons(variation, intents)
    return len(responses.names())


def _check_text(variation: Item, filled: frozenset[str], slots: frozenset[str]) -> None:
    if not variation.has("text"):
        return
    for name in _NAME.findall(variation.text("text")):
        if name not in filled | slots:
            known = ", ".join(f"{{{each}}}" for each in sorted(filled)) or "none"
            raise variation.wrong("text", f"nothing fills {{{name}}}; known here: {known}")


def _check_buttons(variation: Item, intents: frozenset[str]) -> None:
    for button in _buttons(variation):
        payload = button.text("payload")
        if payload.startswith("/") and payload[1:].partition("{")[0] not in intents:
            raise button.wrong("payload", f"{payload!r} is no intent of this domain")


def _buttons(variation: Item) -> Iterator[Item]:
    if variation.has("buttons"):
        yield from variation.items("buttons")
