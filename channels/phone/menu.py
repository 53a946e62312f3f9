"""Keypad menus out of the bot's buttons, and what a key or a spoken choice means."""

from collections.abc import Sequence
from dataclasses import dataclass

from channels.phone.aloud import aloud
from channels.requests import ASK_PERSON
from channels.situation import SURVEY_PREFIX
from language.values.choices import choose
from store.buttons import Button

MOST_KEYS = 9  # 1 to 9; nought is a person, star repeats
SKIP = ":skip"
CHOICE_WORDS = 4  # 'the second one please'


@dataclass(frozen=True, slots=True)
class Option:
    """A button, and the key that presses it: '1' to '9', the points of a scale as they are."""

    key: str
    button: Button

    @property
    def title(self) -> str:
        """Its words for the ear, without the mark at the end."""
        return aloud(self.button.title).strip(" .?!")

    @property
    def is_person(self) -> bool:
        """Whether it gets a person, which nought does at any time."""
        return self.button.payload == ASK_PERSON


@dataclass(frozen=True, slots=True)
class Menu:
    """What may be keyed under a prompt; `is_scale` when the keys are points of a survey's scale."""

    options: tuple[Option, ...] = ()
    is_scale: bool = False

    @property
    def longest_key(self) -> int:
        """How many keys the longest answer has; 0 where there is nothing to key."""
        return max((len(option.key) for option in self.options), default=0)

    @property
    def has_zero(self) -> bool:
        """Whether nought is a point of the scale, so that it gets no person here."""
        return self.is_scale and any(option.key == "0" for option in self.options)

    @property
    def titles(self) -> tuple[str, ...]:
        """What may be said instead."""
        return tuple(option.title for option in self.options)

    def keyed(self, keys: str) -> Button | None:
        """The button of a key."""
        return next((option.button for option in self.options if option.key == keys), None)

    def said(self, text: str) -> Button | None:
        """The button that is named by its whole title or by its place: 'the first one'."""
        plain = _plain(text)
        for option in self.options:
            if plain == _plain(option.title):
                return option.button
        if self.is_scale or not self.options or len(plain.split()) > CHOICE_WORDS:
            return None  # a longer sentence says more than which one; the bot reads it
        number = choose(text, self.titles)
        return None if number is None else self.options[number].button


NO_MENU = Menu()


def menu_of(buttons: Sequence[Button]) -> Menu:
    """The keys of buttons, in their order; a survey's scale is keyed by its own numbers."""
    scale = [button for button in buttons if _point(button) is not None]
    if scale:
        points = [Option(_point(button) or "", button) for button in scale]
        skips = [b for b in buttons if b.payload.endswith(SKIP)]
        taken = {option.key for option in points}
        skip = [Option("9", b) for b in skips if "9" not in taken]
        return Menu((*points, *skip), is_scale=True)
    people = [b for b in buttons if b.payload == ASK_PERSON]
    others = [b for b in buttons if b.payload != ASK_PERSON][:MOST_KEYS]
    options = [Option(str(n), b) for n, b in enumerate(others, start=1)]
    return Menu((*options, *(Option("0", b) for b in people[:1])))


def say_menu(menu: Menu) -> str:
    """Each key with what it does; a scale names its ends only, its question said the rest.

    That nought gets a person is said with what holds at any time.
    """
    if menu.is_scale:
        keys = [option.key for option in menu.options if not option.button.payload.endswith(SKIP)]
        skip = next((o for o in menu.options if o.button.payload.endswith(SKIP)), None)
        leave = f" To skip it, press {skip.key}." if skip else ""
        return f"Press a key from {keys[0]} to {keys[-1]}.{leave}"
    others = [option for option in menu.options if not option.is_person]
    return " ".join(f"For {_lower(option.title)}, press {option.key}." for option in others)


def say_titles(menu: Menu) -> str:
    """What may be said, as a sentence; nothing for a scale or a yes and no."""
    titles = [option.title for option in menu.options if not option.is_person]
    if menu.is_scale or not titles or all(len(title) <= 3 for title in titles):
        return ""
    if len(titles) == 1:
        return f"Or say: {_lower(titles[0])}."
    *first, last = titles
    return f"You can say: {', '.join(map(_lower, first))}, or {_lower(last)}."


def _point(button: Button) -> str | None:
    """The number of a point on a survey's scale."""
    value = button.payload.rpartition(":")[2]
    return value if button.payload.startswith(SURVEY_PREFIX) and value.isdecimal() else None


def _lower(title: str) -> str:
    """'Return something' inside a sentence; 'I do not have it' and 'HP' keep their capitals."""
    is_word = len(title) > 1 and title[1].islower()
    return title[0].lower() + title[1:] if is_word else title


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .,?!")
