"""What a caller hears next: the new turns of the bot, what may be keyed, how slowly it is said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from channels.phone.ladder import PRESS_ZERO
from channels.phone.menu import NO_MENU, Menu, menu_of, say_titles
from channels.phone.sayings import Sayings
from channels.situation import Situation
from core.conversation import Role
from store.buttons import Button
from store.conversations import Placed

KEYPAD_HELP = f"At any time: {PRESS_ZERO[0].lower()}{PRESS_ZERO[1:]}"


@dataclass(frozen=True, slots=True)
class Prompt:
    """Sentences to be spoken in one breath, and what may answer them.

    Nobody need answer a parting one: the caller may have what they rang for.
    """

    said: str
    menu: Menu = field(default=NO_MENU)
    digits: int | None = None
    is_parting: bool = False

    @property
    def awaits_one_key(self) -> bool:
        """Whether the first key is the whole answer."""
        return self.digits is None and self.menu.longest_key == 1


def prompt_of(situation: Situation, placed: Sequence[Placed], sayings: Sayings) -> Prompt:
    """The bot's turns among `placed` as one prompt; the buttons of all may be keyed."""
    turns = [one.turn for one in placed if one.turn.role is not Role.CUSTOMER]
    spoken = [sayings.speak(turn.text) for turn in turns]
    under = [button for turn in turns for button in situation.buttons.get(turn.id, ())]
    menu = menu_of(_last_scale(under))
    digits = next((one.digits for one in reversed(spoken) if one.digits), None)
    offers = say_titles(menu) if digits is None else ""
    words = " ".join([*(one.words for one in spoken), *([offers] if offers else [])])
    is_parting = bool(spoken) and spoken[-1].is_parting and not menu.options
    return Prompt(words, menu, digits, is_parting)


def _last_scale(buttons: Iterable[Button]) -> list[Button]:
    """All buttons; where a survey's question stands among them, its own alone."""
    found = list(buttons)
    scale = [b for b in found if menu_of([b]).is_scale or b.payload.endswith(":skip")]
    return scale or found
