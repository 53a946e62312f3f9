"""What customers say in the benchmark: whole conversations of at least so many turns, all unlike.

Each step of a scene is a choice of ways to say it; chance, seeded, picks the scenes and the words.
A scene about an order gets one of its own, so that what one customer cancels is nobody else's.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from core.shop import Order, OrderStatus

Step = tuple[str, ...]
FindOrder = Callable[[OrderStatus], Order]


@dataclass(frozen=True, slots=True)
class Scene:
    """Steps with {order}, {number} and {postcode} in them, of an order in this state.

    `resolves`: whether the customer's task is done at its end.
    """

    steps: tuple[Step, ...]
    about: OrderStatus | None = None
    resolves: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """One customer's sentences, and how many tasks are done at their end."""

    sentences: tuple[str, ...]
    tasks: int


HELLO: Step = ("hello", "hi there", "good morning", "hey, is anybody there?", "good evening to you")
YES: Step = ("yes please", "yes", "yeah, go ahead", "yes, that is right", "yes, do that")
THANKS: Step = ("thanks", "thank you very much", "cheers", "great, thank you", "many thanks")
BYE: Step = ("bye", "goodbye", "that is all, bye now", "see you", "have a nice day")
LEAVE: Step = ("never mind", "forget it", "leave that", "actually, never mind", "stop, never mind")
NUMBER: Step = ("{order}", "it is {order}", "my number is {number}", "#{number}", "order {order}")
POSTCODE: Step = (
    "{postcode}",
    "the postcode is {postcode}",
    "it's {postcode}",
    "{postcode} please",
)
HOURS: Step = ("what are your opening hours?", "when are you open?", "are you open on Sunday?")
FIRST: Step = ("the first one", "the first", "number 1", "the first one please")

PLACED, DELIVERED = OrderStatus.PLACED, OrderStatus.DELIVERED

# The demo shop: tasks that are carried to their end, small talk, and what no bot understands.
# Each order is another one than before in the same chat, and is spoken of so.
SHOP: tuple[Scene, ...] = (
    Scene(
        (
            ("where is my other order?", "track another order please"),
            NUMBER,
            POSTCODE,
            THANKS,
        ),
        PLACED,
        resolves=True,
    ),
    Scene(
        (("where is {order}, postcode {postcode}", "track order {order}, postcode {postcode}"),),
        DELIVERED,
        resolves=True,
    ),
    Scene(
        (
            ("I want to cancel another order", "please cancel my other order"),
            NUMBER,
            POSTCODE,
            HOURS,
            YES,
        ),
        PLACED,
        resolves=True,
    ),
    Scene(
        (
            ("I want to send back something of {order}", "I would like to return {order}"),
            POSTCODE,
            ("the reading lamp", "the lamp", "the second one"),
            ("It does not fit", "I changed my mind", "it is faulty"),
            YES,
        ),
        DELIVERED,
        resolves=True,
    ),
    Scene(
        (
            ("I need another delivery slot for {order}", "can you deliver {order} another day?"),
            POSTCODE,
            FIRST,
            YES,
        ),
        PLACED,
        resolves=True,
    ),
    Scene(
        (
            ("I want to book a fitting for {order}", "please book a fitter for order {order}"),
            POSTCODE,
            FIRST,
            YES,
            THANKS,
        ),
        DELIVERED,
        resolves=True,
    ),
    Scene(
        (
            ("please e-mail me the invoice of {order}", "I need a copy of the invoice for {order}"),
            POSTCODE,
        ),
        DELIVERED,
        resolves=True,
    ),
    Scene(
        (
            ("something in another order arrived damaged",),
            ("no idea",),
            NUMBER,
            POSTCODE,
            ("the vase", "the glass vase"),
            ("it has a crack all the way down one side", "the glass came in three pieces"),
        ),
        DELIVERED,
        resolves=True,
    ),
    Scene(
        (
            ("I want to cancel HP-10442", "cancel order HP-10442 please"),
            ("no, I meant {order}", "sorry, I meant {order}"),
            POSTCODE,
            LEAVE,
        ),
        PLACED,
    ),
    Scene((("how do I look after oiled oak?", "do you deliver to islands?"), YES)),
    Scene((("is there a guarantee?", "can I pay in instalments?"), THANKS)),
    Scene((HOURS,)),
    Scene((("are you a robot?", "am I talking to a machine?", "is this a real person"),)),
    Scene((("what can you do?", "help", "what can I ask you"),)),
    Scene((("asdkjh qwlekj", "flurble wurble zing", "hgfd trew"), THANKS)),
    Scene((("will it rain tomorrow?", "what is the capital of France?", "tell me a joke"),)),
)  # fmt: skip

# What the starter assistant of `rasa init` knows: moods.
STARTER: tuple[Scene, ...] = (
    Scene((("I am feeling very good", "wonderful", "I am great", "so so perfect"),)),
    Scene(
        (
            ("I am sad", "super sad", "my day was horrible", "not very good", "I'm so saad"),
            ("yes", "of course", "that sounds good", "correct"),
        )
    ),
    Scene(
        (
            ("I don't feel very well", "so sad", "I am disappointed", "unhappy"),
            ("no", "I don't think so", "not really", "no way"),
        )
    ),
    Scene((("are you a bot?", "are you a human?", "am I talking to a bot?"),)),
    Scene(
        (("hey", "hello there", "good afternoon", "moin"), ("perfect", "extremely good", "amazing"))
    ),
    Scene((("goodbye", "cu", "see you later", "good night"),)),
)


def talk(
    scenes: tuple[Scene, ...], turns: int, chance: random.Random, find_order: FindOrder
) -> Talk:
    """A conversation of at least `turns` sentences, from hello to goodbye; scenes come whole."""
    said = [chance.choice(HELLO)]
    tasks = 0
    waiting: list[Scene] = []
    while len(said) < turns - 1:
        waiting = waiting or chance.sample(scenes, len(scenes))
        scene = waiting.pop()
        order = find_order(scene.about) if scene.about is not None else None
        said += [_fill(chance.choice(step), order) for step in scene.steps]
        tasks += scene.resolves
    return Talk((*said, chance.choice(BYE)), tasks)


def _fill(words: str, order: Order | None) -> str:
    if order is None:
        return words
    number = order.number.removeprefix("HP-")
    return words.format(order=order.number, number=number, postcode=order.postcode)
