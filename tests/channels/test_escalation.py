"""A person is offered unasked when a turn calls for one, without nagging; cards are told of."""

import threading
from collections.abc import Collection, Sequence
from itertools import product
from pathlib import Path

import pytest
import yaml

from channels import feeling
from channels.escalation import SORRY, is_falling
from channels.replies import CARD_NOT_KEPT
from channels.reply import AT_A_LOSS
from core.conversation import EventKind, Role
from core.handoff import Holder
from language.lexicon import Vader
from language.mood_scale import LEXICON
from tests.channels.stage import HANDOFF, MENU, ORDER_ANSWER, Json, Stage


@pytest.mark.parametrize(
    ("moods", "falls"),
    [
        ((), False),
        ((-0.9,), False),
        ((-0.5, -0.5), True),
        ((-0.5, 0.0, -0.5), True),
        ((-0.5, -0.5, 0.3), False),
        ((-0.5, 0.0, 0.0, -0.5), False),
        ((-0.39, -0.39), False),
    ],
)
def test_a_mood_falls_by_two_bad_turns_of_three(moods: tuple[float, ...], falls: bool) -> None:
    assert is_falling(moods, LEXICON) is falls


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("sorry about that, where were we", "where were we"),
        ("sorry my mistake", ""),
        ("Oh I am so sorry for the delay. It is 10442", "It is 10442"),
        ("apologies for my tone", ""),
        ("sorry, I meant 10517", "I meant 10517"),
        ("I'm sorry but this is ridiculous", "but this is ridiculous"),
        ("sorry for your lies", "for your lies"),
        ("you should be sorry", "you should be sorry"),
        ("a sorry state of affairs", "a sorry state of affairs"),
        ("sorry state of affairs", "sorry state of affairs"),
    ],
)
def test_an_apology_of_their_own_has_no_mood(text: str, left: str) -> None:
    assert feeling.without_apology(text).strip(" ,.") == left


async def test_who_says_sorry_is_not_taken_for_one_whose_mood_falls(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        chat = (await visitor.say("I hate this horrible mess"))["conversation"]
        await stage.settle()
        await visitor.say("so sorry, my bad")
        await stage.settle()
        assert not any("Shall I get a person" in one for one in await texts(stage, chat))
        await visitor.say("sorry, it is a horrible mess and I hate it")
        await stage.settle()
        assert any("Shall I get a person" in one for one in await texts(stage, chat))


@pytest.mark.parametrize(
    ("task", "is_offered"), [("report_damaged", False), ("complain", False), ("order_status", True)]
)
async def test_words_of_what_is_broken_are_no_fall_once_they_have_a_ticket(
    stage: Stage, task: str, is_offered: bool
) -> None:
    worse = "a horrible ugly crack and a broken leg"
    ended = {"parley": "survey", "about": task, "outcome": "resolved"}
    stage.bot.answers[worse] = [
        {"text": "All right.", "buttons": [], "custom": None},
        {"text": None, "buttons": [], "custom": ended},
    ]
    async with stage.visitor() as visitor:
        chat = (await visitor.say("it came with a horrible nasty crack, I hate it"))["conversation"]
        await stage.settle()
        await visitor.say(worse)
        await stage.settle()
        assert any(one == SORRY for one in await texts(stage, chat)) is is_offered


ASKS_NUMBER: list[Json] = [
    {"text": "What is your order number?", "buttons": [], "custom": None},
    {"text": None, "buttons": [], "custom": {"parley": "asks", "field": "order"}},
]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("I got a shock from the lamp of order 10386", {"named_order": "HP-10386"}),
        ("I got a shock from the lamp", None),
        ("there is a gas leak, 10386 or 10391", None),
    ],
)
async def test_an_order_beside_words_of_danger_reaches_the_bot_later(
    stage: Stage, words: str, named: Json | None
) -> None:
    async with stage.visitor() as visitor:
        for text in (words, "no", "report it as damaged", "it sparked"):
            await visitor.say(text)
            await stage.settle()
    assert [(asked["text"], asked.get("slots")) for asked in stage.bot.asked] == [
        ("report it as damaged", named),
        ("it sparked", None),
    ]


async def test_after_words_of_danger_a_task_asks_again_what_it_asked(stage: Stage) -> None:
    stage.bot.answers["it is damaged"] = ASKS_NUMBER
    async with stage.visitor() as visitor:
        chat = (await visitor.say("it is damaged"))["conversation"]
        await stage.settle()
        for text in ("10386, it gave me an electric shock", "no, go on"):
            await visitor.say(text)
            await stage.settle()
        *_, go_on, again = await texts(stage, chat)
        assert go_on.startswith("All right, we go on")
        assert again == "What is your order number?"
        await visitor.say("NE1 7RU")
        await stage.settle()
    assert stage.bot.asked[-1]["slots"] == {"named_order": "HP-10386"}


async def texts(stage: Stage, chat: str) -> list[str]:
    made = await stage.conversation(chat)
    return [turn.text for turn in made.turns if turn.role is Role.BOT]


async def test_an_offer_comes_with_the_answer_and_a_typed_yes_takes_it(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        chat = (await visitor.say("You will hear from my solicitor"))["conversation"]
        await stage.settle()
        said = await texts(stage, chat)
        assert said[0].startswith("bot: You will")
        assert said[1].endswith("Shall I get a person for you?")
        await visitor.say("yes please")
        await visitor.until("state", holder="waiting")
    assert (await stage.handoff(chat)).reason == "legal"


async def test_a_declined_offer_is_not_repeated_at_once(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        chat = (await visitor.say("This is ridiculous"))["conversation"]
        await stage.settle()
        await visitor.say("no")
        await stage.settle()
        for text in ("This is ridiculous", "useless bot"):
            await visitor.say(text)
            await stage.settle()
        said = await texts(stage, chat)
        assert sum("Shall I get a person" in one for one in said) == 1
        assert any(one.startswith("All right, we go on") for one in said)
        for number in range(5):
            await visitor.say(f"line {number}")
            await stage.settle()
        await visitor.say("useless bot")
        await stage.settle()
        assert sum("Shall I get a person" in one for one in await texts(stage, chat)) == 2
    assert (await stage.handoff(chat)).holder is Holder.BOT


async def test_a_falling_mood_offers_a_person_once(stage: Stage) -> None:
    """Words that no topic knows: the mood alone speaks, and the second bad turn is needed."""
    async with stage.visitor() as visitor:
        chat = (await visitor.say("I hate this horrible mess"))["conversation"]
        await stage.settle()
        assert len(await texts(stage, chat)) == 1
        for text in ("it is a terrible awful mess", "what a horrible disaster"):
            await visitor.say(text)
            await stage.settle()
        said = await texts(stage, chat)
        assert said[2] == SORRY
        assert said.count(SORRY) == 1


class Kept:
    """A mood for each text, some of them kept from before."""

    name, scale = "by-hand", LEXICON

    def __init__(self, moods: dict[str, float], kept: Collection[str] = ()) -> None:
        self.by_hand, self.kept = moods, set(kept)
        self.read: list[str] = []

    def mood(self, text: str) -> float:
        self.read.append(text)
        self.kept.add(text)
        return self.by_hand[text]

    def moods(self, texts: Sequence[str]) -> list[float]:
        return [self.mood(text) for text in texts]

    def known(self, texts: Sequence[str]) -> list[float | None]:
        return [self.by_hand[text] if text in self.kept else None for text in texts]


@pytest.mark.parametrize("kept", ["", "a", "b", "ab", "abc"])
@pytest.mark.parametrize("moods", list(product((-0.5, -0.1, 0.3), repeat=3)))
async def test_what_is_kept_or_left_unread_changes_no_answer(
    moods: tuple[float, ...], kept: str
) -> None:
    model = Kept(dict(zip("abc", moods, strict=True)), kept)
    assert await feeling.falls("abc", model) is is_falling(moods, LEXICON)
    assert len(set(model.read)) == len(model.read)
    assert not set(model.read) & set(kept)


async def test_of_a_calm_chat_one_turn_in_three_is_not_read() -> None:
    turns = [f"turn {number}" for number in range(12)]
    model = Kept(dict.fromkeys(turns, 0.1))
    for end in range(2, len(turns) + 1):
        assert not await feeling.falls(turns[max(0, end - 3) : end], model)
    assert len(model.read) == 8


async def test_a_mood_is_read_outside_the_event_loop(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []

    class Watched(Vader):
        def mood(self, text: str) -> float:
            threads.append(threading.get_ident())
            return super().mood(text)

    monkeypatch.setattr(feeling, "load_model", lambda _folder: Watched())
    async with stage.visitor() as visitor:
        chat = (await visitor.say("where is it"))["conversation"]
        await stage.settle()
        assert threads == []  # one turn alone is no fall, whatever its mood
        await visitor.say("it should be here")
        await stage.settle()
        await visitor.say("get me a person")
        await visitor.until("state", holder="waiting")
    assert (await stage.handoff(chat)).packet
    assert len(threads) >= 2  # the second turn's, and the packet's
    assert threading.get_ident() not in threads


async def test_danger_is_answered_in_place_of_the_bot(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        chat = (await visitor.say("I can smell gas"))["conversation"]
        await stage.settle()
        said = await texts(stage, chat)
    assert len(said) == 1
    assert "999" in said[0]
    assert stage.bot.asked == []


async def test_where_the_bot_asks_our_offer_comes_first(stage: Stage) -> None:
    stage.bot.answers["This is ridiculous"] = [
        {"text": "What is your postcode?", "buttons": [], "custom": None}
    ]
    async with stage.visitor() as visitor:
        chat = (await visitor.say("This is ridiculous"))["conversation"]
        await stage.settle()
        ours, bots = await texts(stage, chat)
        assert ours == (
            "I am sorry, this is not going as it should. You can have a person at any time."
        )
        assert bots == "What is your postcode?"
        await visitor.say("yes")
        await stage.settle()
    assert stage.bot.asked[-1]["text"] == "yes"


async def test_no_yes_is_asked_for_twice_at_once(stage: Stage) -> None:
    """A yes to the cancellation is no yes to a person, and neither is the other way round."""
    confirm = [("Yes", "/affirm"), ("No", "/deny")]
    stage.bot.answers["my husband died, cancel his order"] = [
        {
            "text": "I will cancel order HP-10517. Shall I?",
            "buttons": [{"title": title, "payload": payload} for title, payload in confirm],
            "custom": None,
        }
    ]
    async with stage.visitor() as visitor:
        chat = (await visitor.say("my husband died, cancel his order"))["conversation"]
        await stage.settle()
        said = await texts(stage, chat)
        assert said[0].startswith("I am so sorry for your loss.")
        assert sum(text.count("?") for text in said) == 1
        offer = await visitor.until("turn", text=said[0])
        assert [button["title"] for button in offer["buttons"]] == ["Yes, get a person"]
        await visitor.press(offer["buttons"][0], id="p1")
        await stage.settle()
    assert (await stage.handoff(chat)).holder is Holder.WAITING


async def test_a_bot_that_offers_a_person_itself_is_enough(stage: Stage) -> None:
    stage.bot.answers["useless bot"] = MENU
    async with stage.visitor() as visitor:
        chat = (await visitor.say("useless bot"))["conversation"]
        await stage.settle()
        assert await texts(stage, chat) == ["What can I do for you?"]


async def test_a_card_number_is_told_of_in_the_same_reply(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        chat = (await visitor.say("pay with 4111 1111 1111 1111"))["conversation"]
        await stage.settle()
        await visitor.say("4111 1111 1111 1111")
        await stage.settle()
        made = await stage.conversation(chat)
        said = await texts(stage, chat)
        assert (said[0], said[1][:5], said[2:]) == (CARD_NOT_KEPT, "bot: ", [CARD_NOT_KEPT])
        assert len(stage.bot.asked) == 1, "of a number alone nothing is left to ask"
        masked = [event for event in made.events if event.kind is EventKind.CARD_MASKED]
        assert [event.note for event in masked] == ["m1", "m2"]
        notice = "The card number in your message was taken out and not kept."
        assert notice in [got.get("text") for got in visitor.got]


async def test_with_a_person_the_notice_alone_tells_of_a_card(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        chat = (await visitor.say("hello"))["conversation"]
        await stage.settle()
        await stage.command(chat, "take", {"user": "u1", "name": "Ann"})
        before = await texts(stage, chat)
        await visitor.say("4111 1111 1111 1111")
        await stage.settle()
        assert await texts(stage, chat) == before
        assert (await stage.conversation(chat)).events[-1].kind is EventKind.CARD_MASKED


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(("hand me over", "call me back"), id="a call-back is being asked for"),
        pytest.param(("my order", "1"), id="a survey asks why"),
    ],
)
async def test_danger_is_answered_before_anything_that_is_asked(
    stage: Stage, before: tuple[str, str]
) -> None:
    stage.bot.answers |= {"hand me over": HANDOFF, "my order": ORDER_ANSWER}
    async with stage.visitor() as visitor:
        for words in (*before, "my house is on fire because of your lamp"):
            chat = (await visitor.say(words))["conversation"]
            await stage.settle()
        assert "call 999 first" in (await texts(stage, chat))[-1]
        await visitor.say("the house is on fire, did you read that")
        await stage.settle()
        assert "call 999 first" in (await texts(stage, chat))[-1]


DOMAIN = Path(__file__).parents[2] / "domain.yml"
PASSAGE = "For hotels and restaurants we have prices of their own."
MARKED: list[Json] = [
    {"text": PASSAGE, "buttons": [], "custom": None},
    {"text": None, "buttons": [], "custom": {"parley": "article"}},
]
UNMARKED: list[Json] = [
    {"text": f"{PASSAGE}\n\nWas this what you needed?", "buttons": [], "custom": None}
]
LOST: list[Json] = [
    {
        "text": "I do not have an answer to that. Shall I get a person?",
        "buttons": [{"title": "Yes, get someone", "payload": "/ask_person"}],
        "custom": None,
    }
]


@pytest.mark.parametrize("answer", [MARKED, UNMARKED, LOST])
@pytest.mark.parametrize("text", ["I will sue you", "my husband passed away"])
async def test_beside_a_grave_matter_no_article_is_quoted(
    stage: Stage, text: str, answer: list[Json]
) -> None:
    stage.bot.answers[text] = answer
    async with stage.visitor() as visitor:
        chat = (await visitor.say(text))["conversation"]
        await stage.settle()
        (said,) = await texts(stage, chat)
    assert said.endswith("Shall I get a person for you?")


async def test_a_task_goes_on_beside_it(stage: Stage) -> None:
    text = "my solicitor wants me to cancel it"
    going_on: Json = {"text": "What is your postcode?", "buttons": [], "custom": None}
    stage.bot.answers[text] = [*MARKED, going_on]
    async with stage.visitor() as visitor:
        chat = (await visitor.say(text))["conversation"]
        await stage.settle()
        said = await texts(stage, chat)
    assert len(said) == 2
    assert said[-1] == "What is your postcode?"


def test_answers_at_a_loss_are_those_of_the_domain() -> None:
    responses = yaml.safe_load(DOMAIN.read_text(encoding="utf-8"))["responses"]
    lost = (
        "article", "no_article", "no_article_in_between", "perhaps_articles", "did_you_mean",
        "rephrase", "default", "offer_person_lost", "out_of_scope",
    )  # fmt: skip
    for name in lost:
        for one in responses[f"utter_{name}"]:
            assert any(said in one["text"] for said in AT_A_LOSS), name
    others = [t for name, t in responses.items() if name.removeprefix("utter_") not in lost]
    assert not [
        one for said in others for one in said if any(a in one.get("text", "") for a in AT_A_LOSS)
    ]


async def test_who_is_offered_a_person_is_not_asked_how_it_was(stage: Stage) -> None:
    stage.bot.answers["This is ridiculous"] = ORDER_ANSWER
    stage.bot.answers["where is it"] = ORDER_ANSWER
    async with stage.visitor() as visitor:
        chat = (await visitor.say("This is ridiculous"))["conversation"]
        await stage.settle()
        said = await texts(stage, chat)
        assert said[0] == "Order HP-10442 is on its way."
        assert said[1].endswith("Shall I get a person for you?")
        assert len(said) == 2
        await visitor.say("where is it")
        await stage.settle()
        assert "How was this" in (await texts(stage, chat))[-1], "the next task is asked about"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("my husband passed away and I need to cancel his order", "I am so sorry for your loss."),
        ("i have dementia and get confused, where is it", "Thank you for telling me."),
        ("i can't afford to pay, i'm behind with rent", "I am sorry that things are hard"),
    ],
)
async def test_careful_words_come_first_and_no_survey_after(
    stage: Stage, text: str, words: str
) -> None:
    stage.bot.answers |= {text: ORDER_ANSWER, "where is it": ORDER_ANSWER}
    async with stage.visitor() as visitor:
        chat = (await visitor.say(text))["conversation"]
        await stage.settle()
        said = await texts(stage, chat)
        assert said[0].startswith(words)
        assert "no hurry" in said[0]
        assert said[1:] == ["Order HP-10442 is on its way."]
        await visitor.say("where is it")
        await stage.settle()
        assert (await texts(stage, chat))[-1] == "Order HP-10442 is on its way.", "no survey"
        await stage.command(chat, "take", {"user": "u1", "name": "Ann"})
        await stage.command(chat, "close", {"user": "u1"})
        assert "How was this" in (await texts(stage, chat))[-1], "after a person they are asked"


WHAT_IS_WRONG: list[Json] = [
    {"text": "What is wrong with it? A sentence is enough.", "buttons": [], "custom": None},
    {"text": None, "buttons": [], "custom": {"parley": "asks"}},
]


async def test_careful_words_before_a_question_keep_the_survey_away_as_well(stage: Stage) -> None:
    text = "my wife died and i need to know where her order is"
    stage.bot.answers |= {text: WHAT_IS_WRONG, "where is it": ORDER_ANSWER}
    async with stage.visitor() as visitor:
        chat = (await visitor.say(text))["conversation"]
        await stage.settle()
        said = await texts(stage, chat)
        assert said[0].endswith("You can have a person at any time."), "two questions are too many"
        assert said[1] == WHAT_IS_WRONG[0]["text"]
        await visitor.say("where is it")
        await stage.settle()
        assert (await texts(stage, chat))[-1] == "Order HP-10442 is on its way.", "no survey"


@pytest.mark.parametrize(
    ("answer", "goes_on"),
    [
        ("no", False),
        ("no thanks, let's carry on", False),
        ("No, I don't need a person", False),
        ("no he wasnt hurt", True),
        ("no its not been fixed", True),
        ("no backrest, its snapped clean off", True),
    ],
)
async def test_a_no_that_tells_more_is_no_answer_to_the_offer(
    stage: Stage, answer: str, *, goes_on: bool
) -> None:
    stage.bot.answers[answer] = ORDER_ANSWER
    async with stage.visitor() as visitor:
        chat = (await visitor.say("You will hear from my solicitor"))["conversation"]
        await stage.settle()
        assert "Shall I get a person" in (await texts(stage, chat))[-1]
        await visitor.say(answer)
        await stage.settle()
        assert any("is on its way" in one for one in await texts(stage, chat)) is goes_on


async def test_a_yes_behind_the_answer_takes_the_careful_offer(stage: Stage) -> None:
    text = "my mum died last week"
    stage.bot.answers[text] = ORDER_ANSWER
    async with stage.visitor() as visitor:
        chat = (await visitor.say(text))["conversation"]
        await stage.settle()
        await visitor.say("yes please")
        await visitor.until("state", holder="waiting")
    assert (await stage.handoff(chat)).reason == "bereaved"


@pytest.mark.parametrize(
    ("text", "first", "reason"),
    [
        ("my husband died, it is about order 10538", "I am so sorry for your loss.", "bereaved"),
        ("I have lost my job, order 10538", "I am sorry that things are hard", "hardship"),
        ("it is about order 10538", None, "asked_for_person"),
        ("You will hear from my solicitor", None, "asked_for_person"),  # needs no such word
    ],
)
async def test_who_is_put_through_at_once_hears_a_word_of_it_first(
    stage: Stage, text: str, first: str | None, reason: str
) -> None:
    wanted = {"parley": "handoff", "reason": "asked_for_person", "facts": {}}
    stage.bot.answers[text] = [{"text": None, "buttons": [], "custom": wanted}]
    async with stage.visitor() as visitor:
        chat = (await visitor.say(text))["conversation"]
        await stage.settle()
        said = await texts(stage, chat)
    assert (await stage.handoff(chat)).reason == reason
    assert not any("Shall I get a person" in one for one in said)
    assert len(said) == (2 if first else 1)
    if first:
        assert said[0].startswith(first)


@pytest.mark.parametrize("is_read", [True, False])
async def test_what_reads_moods_is_loaded_before_the_first_customer_comes(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, is_read: bool
) -> None:
    threads: list[int] = []

    def load(_folder: object) -> Vader:
        threads.append(threading.get_ident())
        return Vader()

    monkeypatch.setattr(feeling, "load_model", load)
    stage.room.settings = stage.settings.model_copy(update={"escalation": is_read})
    await feeling.load_moods(stage.room)
    assert len(threads) == is_read
    assert threading.get_ident() not in threads, "it would hold up the others"
