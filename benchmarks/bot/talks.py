"""What customers say in the benchmark: whole conversations of at least so many turns, all unlike.

Each step of a scene is a choice of ways to say it; chance, seeded, picks the scenes and the words.
"""

import random

Step = tuple[str, ...]
Scene = tuple[Step, ...]

HELLO: Step = ("hello", "hi there", "good morning", "hey, is anybody there?", "good evening to you")
YES: Step = ("yes please", "yes", "yeah, go ahead", "that is right", "correct")
THANKS: Step = ("thanks", "thank you very much", "cheers", "great, thank you", "that helps, thanks")
BYE: Step = ("bye", "goodbye", "that is all, bye now", "see you", "have a nice day")
LEAVE: Step = ("never mind", "forget it", "leave that", "actually, never mind", "stop, never mind")
NUMBER: Step = ("HP-10442", "it is HP-10442", "hp 10442", "my number is 10442", "#10442")
POSTCODE: Step = ("BN1 4GH", "bn14gh", "the postcode is BN1 4GH", "BN1 4GH please", "it's bn1 4gh")

# The demo shop: tasks that run forms and actions, small talk, and what no bot understands.
SHOP: tuple[Scene, ...] = (
    (
        ("where is my order?", "when will my parcel arrive?", "track my order please"),
        NUMBER,
        POSTCODE,
        THANKS,
    ),
    (
        ("my order is HP-10442 and my postcode is BN1 4GH", "where is HP-10442, postcode BN1 4GH"),
        THANKS,
    ),
    (
        ("I want to cancel my order", "please cancel the order", "can I still cancel HP-10442?"),
        NUMBER,
        ("what are your opening hours?", "when are you open on Sundays?"),
        LEAVE,
    ),
    (
        ("I would like to return the lamp", "I want to send something back", "start a return"),
        NUMBER,
        ("no, I meant HP-10442", "sorry, HP-10442 it is"),
        LEAVE,
    ),
    (
        ("please e-mail me the invoice", "I need a copy of my invoice", "send me the receipt"),
        ("10442", "HP 10442"),
        LEAVE,
    ),
    (
        ("one chair arrived with a broken leg", "my table is scratched", "the mirror is cracked"),
        NUMBER,
        LEAVE,
    ),
    (("what are your opening hours?", "when are you open?", "are you open on Sunday?"),),
    (("are you a robot?", "am I talking to a machine?", "is this a real person"),),
    (("what can you do?", "help", "what can I ask you"),),
    (("asdkjh qwlekj", "flurble wurble zing", "hgfd trew"), THANKS),
    (("will it rain tomorrow?", "what is the capital of France?", "tell me a joke"),),
    (("how do I look after oiled oak?", "do you deliver to islands?", "is there a guarantee?"),),
)  # fmt: skip

# What the starter assistant of `rasa init` knows: moods.
STARTER: tuple[Scene, ...] = (
    (("I am feeling very good", "wonderful", "I am great", "so so perfect"),),
    (
        ("I am sad", "super sad", "my day was horrible", "not very good", "I'm so saad"),
        ("yes", "of course", "that sounds good", "correct"),
    ),
    (
        ("I don't feel very well", "so sad", "I am disappointed", "unhappy"),
        ("no", "I don't think so", "not really", "no way"),
    ),
    (("are you a bot?", "are you a human?", "am I talking to a bot?"),),
    (("hey", "hello there", "good afternoon", "moin"), ("perfect", "extremely good", "amazing")),
    (("goodbye", "cu", "see you later", "good night"),),
)


def talk(scenes: tuple[Scene, ...], turns: int, chance: random.Random) -> list[str]:
    """A conversation of at least `turns` sentences, from hello to goodbye; scenes come whole."""
    said = [chance.choice(HELLO)]
    order: list[Scene] = []
    while len(said) < turns - 1:
        order = order or chance.sample(scenes, len(scenes))
        said += [chance.choice(step) for step in order.pop()]
    return [*said, chance.choice(BYE)]
