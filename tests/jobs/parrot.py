"""A recogniser that says the same words of each channel, whatever it is given."""

from collections.abc import Callable, Sequence

from core.conversation import Timing, Word
from core.recording import Segment
from core.spans import TimeSpan
from speech.engines import EngineCard, Piece

SAYS = (
    "thank you for calling harbour and pine my name is anna how can i help you",
    "hello my lamp arrived broken and the order number is 1 0 4 4 2",
)


class Parrot:
    """The engine's interface; `before` runs before each answer and may wait or raise."""

    batch = 1

    def __init__(self, before: Callable[[], None] = lambda: None) -> None:
        self.before = before
        self.asked = 0

    def describe(self) -> EngineCard:
        return EngineCard("parrot", "grey", "1", ("en",), Timing.INTERPOLATED)

    def transcribe(self, pieces: Sequence[Piece], *, language: str) -> tuple[Segment | None, ...]:
        assert language == "en"
        self.asked += 1
        self.before()
        return tuple(_said(piece) for piece in pieces)


def _said(piece: Piece) -> Segment | None:
    words = SAYS[piece.channel].split()
    begin, end = piece.voiced[0].start, piece.voiced[-1].end
    step = (end - begin) / len(words)
    spoken = tuple(
        Word(word, TimeSpan(begin + place * step, begin + (place + 1) * step))
        for place, word in enumerate(words)
    )
    return Segment(piece.channel, TimeSpan(begin, end), SAYS[piece.channel], spoken)
