"""Choices on a telephone: as buttons or a list where WhatsApp has them, else numbers to type.

Pure: it reads the conversation as it stands. Source: DOMAIN "Twilio" (three quick replies, a list
of ten); https://www.twilio.com/docs/content for the lengths.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import takewhile
from string import ascii_uppercase

from channels.situation import SURVEY_PREFIX, Situation
from core.conversation import Role, Turn
from store.buttons import Button

QUICK_REPLIES, LIST_ITEMS = 3, 10
LONGEST_QUICK, LONGEST_ITEM, LONGEST_BODY = 20, 24, 1024  # characters
QUICK_REPLY, LIST_PICKER = "quick-reply", "list-picker"


@dataclass(frozen=True, slots=True)
class Rich:
    """A message with choices to tap: `kind` as Twilio's content types are called."""

    kind: str
    body: str
    buttons: tuple[Button, ...]


def rich(text: str, buttons: Sequence[Button]) -> Rich | None:
    """The message as WhatsApp shows it with choices to tap; None where it cannot.

    A line break in a variable of a content template is refused (Twilio's error 21656), so words in
    lines are sent plain.
    """
    titles = [button.title for button in buttons]
    if not titles or len(text) > LONGEST_BODY or "\n" in text:
        return None
    if len(titles) <= QUICK_REPLIES and max(map(len, titles)) <= LONGEST_QUICK:
        return Rich(QUICK_REPLY, text, tuple(buttons))
    if len(titles) <= LIST_ITEMS and max(map(len, titles)) <= LONGEST_ITEM:
        return Rich(LIST_PICKER, text, tuple(buttons))
    return None


def written(situation: Situation, turn: Turn) -> str:
    """How the choices under a turn are taken by typing; empty when there are none."""
    under = situation.buttons.get(turn.id, ())
    labels = labels_of(situation, _run_to(situation, turn))
    scale = [button for button in under if is_point(button)]
    others = [button for button in under if button not in scale]
    skips = [button for button in others if _is_skip(button)]
    named = [one for one in others if one not in skips]
    if any(_own_number(labels[one.id], one) for one in named) and not scale and not skips:
        lines = [f"{labels[one.id]}. {_bare_title(labels[one.id], one)}" for one in named]
        return "\n".join(("Reply with a number:", *lines))
    told = []
    if scale:
        told.append(f"Reply with a number from {labels[scale[0].id]} to {labels[scale[-1].id]}")
    if named:
        told.append(f"Reply {_listed([f'{labels[one.id]} for {one.title}' for one in named])}")
    if skips:
        told.append("or SKIP" if told else "Or reply SKIP")
    return ", ".join(told) + "." if told else ""


def pressed(
    situation: Situation, text: str, numbered: Collection[str], replied_to: str | None = None
) -> Button | None:
    """The choice that a typed number, letter or title means.

    It is one under what was asked last, or, of a reply, in the same breath as the turn
    `replied_to`. Numbers mean choices of the turns in `numbered` alone, which were sent with
    numbers.
    """
    said = " ".join(text.split()).strip(" .!)\"'").casefold()
    run = _last_run(situation) if replied_to is None else _run_with(situation, replied_to)
    labels = labels_of(situation, run)
    is_asked = {turn.id for turn in run if turn.id in numbered}
    under = [button for turn in reversed(run) for button in situation.buttons.get(turn.id, ())]
    for button in under:
        if button.turn in is_asked and labels[button.id].casefold() == said:
            return button
    return next((button for button in under if button.title.casefold() == said), None)


def labels_of(situation: Situation, turns: Sequence[Turn]) -> dict[str, str]:
    """What is typed for each button under these turns: button id → label.

    A point of a scale is its own number; beside a scale, other choices are letters. The same choice
    offered twice has one label.
    """
    buttons = [button for turn in turns for button in situation.buttons.get(turn.id, ())]
    signs = ascii_uppercase if any(map(is_point, buttons)) else [str(n) for n in range(1, 100)]
    given: dict[tuple[str, str], str] = {}
    labels = {}
    for button in buttons:
        if is_point(button):
            labels[button.id] = button.payload.rpartition(":")[2]
        elif _is_skip(button):
            labels[button.id] = "SKIP"
        else:
            place = given.setdefault((button.title, button.payload), signs[len(given) % len(signs)])
            labels[button.id] = place
    return labels


def is_point(button: Button) -> bool:
    """Whether it is a number of a survey's scale."""
    value = button.payload.rpartition(":")[2]
    return button.payload.startswith(SURVEY_PREFIX) and value.isdecimal()


def _own_number(label: str, button: Button) -> bool:
    """Whether its title begins with just what is typed for it: '1. Thursday, 8 to 12'."""
    return button.title.startswith(f"{label}. ")


def _bare_title(label: str, button: Button) -> str:
    return button.title.removeprefix(f"{label}. ")


def _is_skip(button: Button) -> bool:
    return button.payload.startswith(SURVEY_PREFIX) and button.payload.endswith(":skip")


def _listed(parts: Sequence[str]) -> str:
    """'1 for A', '1 for A or 2 for B', '1 for A, 2 for B or 3 for C'."""
    head, last = parts[:-1], parts[-1]
    return f"{', '.join(head)} or {last}" if head else last


def _run_to(situation: Situation, turn: Turn) -> list[Turn]:
    """What the customer was told since they wrote, up to and with this turn, in order."""
    behind = takewhile(_is_told, reversed(situation.before(turn)))
    return [*reversed(list(behind)), turn]


def _run_with(situation: Situation, turn_id: str) -> list[Turn]:
    """What the customer was told in one go with this turn; nothing when it is their own."""
    turn = situation.conversation.turn(turn_id)
    if turn is None or not _is_told(turn):
        return []
    behind = situation.conversation.turns[situation.place_of(turn) + 1 :]
    return [*_run_to(situation, turn), *takewhile(_is_told, behind)]


def _last_run(situation: Situation) -> list[Turn]:
    """What the customer was told last."""
    turns = list(situation.conversation.turns)
    while turns and not _is_told(turns[-1]):
        turns.pop()
    return list(reversed(list(takewhile(_is_told, reversed(turns)))))


def _is_told(turn: Turn) -> bool:
    return turn.role is not Role.CUSTOMER
