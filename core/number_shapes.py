"""How the numbers look that a house gives its customers, each told by an example: 'HP-10442'."""

import re
from dataclasses import dataclass

from core.errors import BadInput

LEAST, MOST = 5, 12  # digits: of four a year is one, of more a card's number
_EXAMPLE = re.compile(
    rf"(?P<letters>[A-Z]{{0,4}})(?P<joint>[-/]?)(?P<digits>[0-9]{{{LEAST},{MOST}}})"
)
_WORDS = ("five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


@dataclass(frozen=True, slots=True)
class NumberShape:
    """Letters or none, what parts them from the digits, and how many digits there are."""

    letters: str
    joint: str
    digits: int
    example: str

    def of(self, digits: str) -> str:
        """The whole number of these digits, as the house writes it."""
        return f"{self.letters}{self.joint}{digits}"

    @property
    def count(self) -> str:
        """How many digits, as a word: 'five'."""
        return _WORDS[self.digits - LEAST]

    @property
    def told(self) -> str:
        """What a customer is told of it: 'starts with HP and has five digits, such as HP-10442'."""
        letters = f"starts with {self.letters} and " if self.letters else ""
        return f"{letters}has {self.count} digits, such as {self.example}"


def parse_shape(example: str) -> NumberShape:
    """The shape of an example: 'HP-10442', 'AC1000123', '00123456'.

    Raises:
        BadInput: it is not up to four capital letters, then perhaps - or /, then five to twelve
            digits.
    """
    found = _EXAMPLE.fullmatch(example)
    if found is None or (found["joint"] and not found["letters"]):
        raise BadInput(
            f"{example!r} is no number that can be read out of customers' words; write an example "
            f"such as HP-10442, AC1000123 or 00123456: up to four capital letters, perhaps - or /, "
            f"then {_WORDS[0]} to {_WORDS[-1]} digits"
        )
    return NumberShape(found["letters"], found["joint"], len(found["digits"]), example)


@dataclass(frozen=True, slots=True)
class NumberShapes:
    """Those of everything that has a number, all told apart by their letters.

    Raises:
        BadInput: two kinds begin with the same letters.
    """

    order: NumberShape
    ticket: NumberShape
    sent_back: NumberShape
    visit: NumberShape

    def __post_init__(self) -> None:
        letters = [shape.letters for shape in self.all if shape.letters]
        twice = next((each for each in letters if letters.count(each) > 1), None)
        if twice is not None:
            raise BadInput(
                f"two kinds of numbers begin with {twice}; each needs letters of its own"
            )

    @property
    def all(self) -> tuple[NumberShape, ...]:
        """Every shape."""
        return (self.order, self.ticket, self.sent_back, self.visit)

    def is_like(self, other: "NumberShapes") -> bool:
        """Whether numbers of these look like numbers of the others, whatever their examples."""
        return [shape.of("") + shape.count for shape in self.all] == [
            shape.of("") + shape.count for shape in other.all
        ]


EXAMPLES = {"order": "HP-10442", "ticket": "T-20017", "sent_back": "R-30021", "visit": "F-40006"}
# those of the embedded shop, which numbers what it makes (store/shop)
OF_THE_DEMO = NumberShapes(**{name: parse_shape(example) for name, example in EXAMPLES.items()})
