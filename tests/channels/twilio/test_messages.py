"""What customers write by WhatsApp and SMS is stored and answered like a chat, each once."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from channels.files_sent import is_only_files
from channels.twilio import media
from channels.watch import Watch
from core.conversation import Channel, EventKind, Role
from core.errors import Unavailable
from core.handoff import Holder
from store import listing
from store.attachments import Content
from store.files import StoredFiles
from store.incoming import Draft
from tests.build import png
from tests.channels.stage import MENU, ORDER_ANSWER
from tests.channels.twilio.post import CUSTOMER, OURS, Post, later, message, posting, sms
from tests.channels.twilio.stand_in import Caller

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


async def count(post: Post) -> int:
    async with post.stage.room.database.reading() as session:
        return (await listing.page(session, listing.Filter())).total


@pytest.mark.parametrize(("door", "channel"), [("whatsapp:", Channel.WHATSAPP), ("", Channel.SMS)])
async def test_a_message_is_answered_on_its_own_channel(
    post: Post, door: str, channel: Channel
) -> None:
    assert await post.say("hello", door=door) == ["bot: hello"]
    sent = post.twilio.sent[0]
    assert (sent["From"], sent["To"]) == (door + OURS, door + CUSTOMER)
    chat = await post.conversation(channel)
    assert [(turn.role, turn.text) for turn in chat.turns] == [
        (Role.CUSTOMER, "hello"),
        (Role.BOT, "bot: hello"),
    ]
    await post.say("again", door=door)
    assert (await post.conversation(channel)).id == chat.id, "one conversation for each address"


async def test_whatsapp_and_sms_of_one_person_are_two_conversations(post: Post) -> None:
    await post.say("by whatsapp")
    await post.say("by sms", door="")
    first, second = await post.conversation(), await post.conversation(Channel.SMS)
    assert first.id != second.id
    assert second.previous == first.id


WEBHOOKS = {
    "text": message("where is it"),
    "sms": sms("where is it"),
    "button": message("Yes", ButtonText="Yes", ButtonPayload="of-a-template"),
    "list": message("4 – good", ListId="x", ListTitle="4 – good"),
    "location": message("", Latitude="51.50722", Longitude="-0.1275", Label="Here"),
    "reply": message("that one", OriginalRepliedMessageSid="SM0", OriginalRepliedMessageSender="x"),
}


@pytest.mark.parametrize("kind", WEBHOOKS)
async def test_a_repeated_message_is_stored_and_answered_once(post: Post, kind: str) -> None:
    first = await post.deliver(WEBHOOKS[kind])
    sent = len(post.twilio.sent)
    assert await post.deliver(WEBHOOKS[kind]) == first == (200, first[1])
    assert len(post.twilio.sent) == sent == 1
    assert len(post.stage.bot.asked) == 1


async def test_a_message_repeated_after_the_end_opens_nothing(post: Post) -> None:
    await post.deliver(message("hello"))
    await post.command("take")
    await post.command("close")
    await post.deliver(message("hello"))
    assert await count(post) == 1


@pytest.mark.parametrize("kind", WEBHOOKS)
async def test_unknown_fields_change_nothing(post: Post, kind: str) -> None:
    fields = {**WEBHOOKS[kind], "ChannelMetadata": '{"a": 1}', "New": "", "Forwarded": "true"}
    assert (await post.deliver(fields))[0] == 200
    assert await count(post) == 1


@pytest.mark.parametrize("kind", WEBHOOKS)
async def test_a_wrong_signature_stores_nothing(post: Post, kind: str) -> None:
    stranger = Caller(post.caller.browser, post.caller.door, token="another")
    assert (await stranger.post("/twilio/messages", WEBHOOKS[kind]))[0] == 403
    assert (await stranger.post("/twilio/status/x", {"MessageStatus": "sent"}))[0] == 403
    assert await count(post) == 0


@pytest.mark.parametrize("kind", WEBHOOKS)
@pytest.mark.parametrize("name", ["MessageSid", "From", "To"])
async def test_a_missing_field_is_named_and_nothing_is_stored(
    post: Post, kind: str, name: str
) -> None:
    fields = {key: value for key, value in WEBHOOKS[kind].items() if key != name}
    status, told = await post.deliver(fields)
    assert status == 400
    assert name in told
    assert await count(post) == 0


@pytest.mark.parametrize("name", ["Body", "NumMedia", "ProfileName", "AccountSid", "SmsStatus"])
async def test_what_may_be_missing_may_be_missing(post: Post, name: str) -> None:
    fields = {**message("hello", Latitude="1", Longitude="2")}
    del fields[name]
    assert (await post.deliver(fields))[0] == 200
    assert await count(post) == 1


@pytest.mark.parametrize("kind", WEBHOOKS)
async def test_a_megabyte_of_text_is_refused_whole(post: Post, kind: str) -> None:
    assert (await post.deliver({**WEBHOOKS[kind], "Body": "x" * 2**20}))[0] == 413
    assert await count(post) == 0


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"From": "+44 no number"}, "From"),
        ({"From": "messenger:123"}, "From"),
        ({"To": OURS}, "To"),
        ({"MessageSid": "a:b"}, "MessageSid"),
        ({"MessageSid": "../x"}, "MessageSid"),
        ({"NumMedia": "-1"}, "NumMedia"),
        ({"NumMedia": "²"}, "NumMedia"),
    ],
)
async def test_what_cannot_be_a_message_is_named(
    post: Post, changed: dict[str, str], named: str
) -> None:
    status, told = await post.deliver({**message("hello"), **changed})
    assert (status, named in told) == (400, True)
    assert await count(post) == 0


async def test_a_message_too_long_is_answered_and_not_stored(post: Post) -> None:
    status, told = await post.deliver(message("x" * 3000))
    assert status == 200
    assert "<Message>The message has 3,000 characters; at most 2,000" in told
    assert await count(post) == 0


async def test_an_empty_message_is_answered_and_not_stored(post: Post) -> None:
    _, told = await post.deliver(message(" "))
    assert "cannot read this kind of message" in told
    assert await count(post) == 0


async def test_messages_out_of_order_are_each_answered(post: Post) -> None:
    await post.deliver(message("second", sid="SM2"))
    await post.deliver(message("first", sid="SM1"))
    await post.deliver(message("second", sid="SM2"))
    chat = await post.conversation()
    assert [turn.text for turn in chat.turns if turn.role is Role.CUSTOMER] == ["second", "first"]


async def test_a_place_is_words(post: Post) -> None:
    await post.deliver(WEBHOOKS["location"])
    await post.deliver(message("here", sid="SM2", Latitude="91", Longitude="x"))
    chat = await post.conversation()
    said = [turn.text for turn in chat.turns if turn.role is Role.CUSTOMER]
    assert said == ["[Location] 51.50722, -0.12750 (Here)", "here"]


async def test_card_numbers_are_masked_as_in_the_chat(post: Post) -> None:
    await post.say("my card is 4111 1111 1111 1111")
    chat = await post.conversation()
    assert chat.turns[0].text == "my card is " + "█" * 19
    assert EventKind.CARD_MASKED in [event.kind for event in chat.events]


@pytest.mark.parametrize("typed", ["1", " 1. ", "1)", "opening hours", "OPENING HOURS"])
async def test_a_number_typed_back_is_the_choice(post: Post, typed: str) -> None:
    post.stage.bot.answers["hello"] = MENU
    told = await post.say("hello", door="")
    assert told == [
        "What can I do for you?\n\nReply 1 for Opening hours or 2 for Yes, get someone."
    ]
    assert await post.say(typed, door="") == ["bot: /opening_hours"]
    assert post.stage.bot.asked[1]["button"] == "/opening_hours"
    chat = await post.conversation(Channel.SMS)
    assert chat.turns[2].text == "Opening hours"


@pytest.mark.parametrize("typed", ["3", "0", "1 2", "one", "11"])
async def test_another_number_is_what_it_is(post: Post, typed: str) -> None:
    post.stage.bot.answers["hello"] = MENU
    await post.say("hello", door="")
    assert await post.say(typed, door="") == [f"bot: {typed}"]


async def test_a_choice_tapped_on_whatsapp_is_the_button(post: Post) -> None:
    post.stage.bot.answers["hello"] = MENU
    await post.say("hello")
    chat = await post.stage.room.look(await post.find())
    button = chat.buttons[chat.conversation.turns[1].id][0]
    tapped = {"ButtonText": button.title, "ButtonPayload": button.id}
    assert await post.say(button.title, **tapped) == ["bot: /opening_hours"]
    assert await post.say("1") == ["bot: 1"], "no numbers were shown"


async def test_a_survey_is_answered_by_number_on_sms(post: Post, tmp_path: Path) -> None:
    del post
    var = tmp_path / "other"
    var.mkdir()
    rules = var / "surveys.yml"
    rules.write_text(
        "ask:\n  - after: task\n    questions: [csat, nps]\n    share: {sms: 1, whatsapp: 1}\n"
    )
    async with posting(var, surveys=str(rules)) as other:
        other.stage.bot.answers["where"] = ORDER_ANSWER
        told = await other.say("where", door="")
        assert told[-1].endswith("Reply with a number from 1 to 5, or SKIP.")
        told = await other.say("4", door="")
        assert told[-1].endswith("Reply with a number from 0 to 10, or SKIP.")
        await other.say("9", door="")
        given = await other.stage.responses(await other.find(Channel.SMS))
        assert [(one.kind.value, one.score) for one in given] == [("csat", 4), ("nps", 9)]


async def test_a_survey_is_tapped_in_a_list_on_whatsapp(tmp_path: Path) -> None:
    rules = tmp_path / "surveys.yml"
    rules.write_text("ask:\n  - after: task\n    questions: [ces, nps]\n    share: {whatsapp: 1}\n")
    async with posting(tmp_path, surveys=str(rules)) as post:
        post.stage.bot.answers["where"] = ORDER_ANSWER
        await post.say("where")
        variables = json.loads(post.twilio.sent[-1]["ContentVariables"])
        assert (variables["2"], variables["16"]) == ("1 – strongly disagree", "Skip")
        told = await post.say("6 – agree", ListId=variables["13"], ListTitle="6 – agree")
        assert told[-1].endswith("Reply with a number from 0 to 10, or SKIP.")
        await post.say("skip")
        given = await post.stage.responses(await post.find())
        assert [(one.kind.value, one.score, one.is_dismissed) for one in given] == [
            ("ces", 6, False),
            ("nps", None, True),
        ]


async def test_who_waits_is_reassured_twice_by_telephone(
    tmp_path: Path, empty_database: Path
) -> None:
    shutil.copy(empty_database, tmp_path / "parley.db")
    async with posting(tmp_path, wait_limit_minutes=1000) as post:
        await post.say("agent")
        before = len(post.twilio.sent)
        for _ in range(5):
            later(post, timedelta(minutes=post.stage.settings.reassure_minutes, seconds=1))
            await Watch(post.stage.dialogue).sweep()
            await post.settle()
        bodies = [
            sent.get("Body") or sent["ContentVariables"] for sent in post.twilio.sent[before:]
        ]
        assert len([body for body in bodies if "not forgotten" in body]) == 2


STOPS = ["STOP", "stop", " Stop. ", "UNSUBSCRIBE", "stopall", "cancel", "End", "quit", "opt out"]


@pytest.mark.parametrize("word", STOPS)
async def test_who_writes_stop_gets_no_more_sms(post: Post, word: str) -> None:
    assert await post.say("hello", door="") == ["bot: hello"]
    assert await post.say(word, door="") == []
    assert await post.say("are you there", door="") == []
    chat = await post.conversation(Channel.SMS)
    assert EventKind.OPTED_OUT in [event.kind for event in chat.events]
    last = (await post.reports(Channel.SMS))[-1]
    assert last.state.value == "failed"
    assert "STOP" in (last.reason or "")
    _, told = await post.deliver(sms("x" * 3000, sid="SM-long"))
    assert "<Message>" not in told
    assert await post.say("yes", door="") == []
    assert await post.say("back", door="") == ["bot: back"]
    kinds = [event.kind for event in (await post.conversation(Channel.SMS)).events]
    assert EventKind.OPTED_IN in kinds


@pytest.mark.parametrize("text", ["please stop my order", "cancel my order", "yes", "stopping"])
async def test_words_that_only_hold_a_keyword_go_to_the_bot(post: Post, text: str) -> None:
    assert await post.say(text, door="") == [f"bot: {text}"]


async def test_keywords_are_of_sms_alone(post: Post) -> None:
    assert await post.say("stop") == ["bot: stop"]


async def test_a_stop_outlives_the_conversation_and_keeps_no_address(post: Post) -> None:
    await post.say("STOP", door="")
    assert await count(post) == 0
    assert await post.say("hello", door="") == []
    assert CUSTOMER not in str(post.twilio.asked)


async def test_help_is_answered_from_the_settings(tmp_path: Path, empty_database: Path) -> None:
    shutil.copy(empty_database, tmp_path / "parley.db")
    async with posting(tmp_path, twilio_help_text="Ring 020 & ask") as post:
        _, told = await post.deliver(sms("HELP"))
        assert "<Message>Ring 020 &amp; ask</Message>" in told
        assert await count(post) == 0
    async with posting(tmp_path) as post:
        assert "Reply STOP" in (await post.deliver(sms("info", sid="SM2")))[1]


def pictured(post: Post, name: str, kind: str = "image/png", *, sid: str = "SM1") -> dict[str, str]:
    media = {"NumMedia": "1", "MediaUrl0": f"{post.api}/onward/{name}", "MediaContentType0": kind}
    return message("", sid=sid, **media)


async def test_a_picture_is_fetched_kept_and_named_in_the_turn(post: Post) -> None:
    post.twilio.files["a.png"] = ("image/png", PNG)
    await post.deliver(pictured(post, "a.png"))
    await post.deliver(pictured(post, "a.png"))
    (one,) = await post.attachments()
    assert (one.keeping.value, one.content) == ("kept", Content("image/png", len(PNG)))
    assert post.messaging.media.files.whole(one.id).read(0, len(PNG) + 1) == PNG
    chat = await post.conversation()
    assert chat.turns[0].text == "[Picture]"
    assert "kept what you sent" in chat.turns[1].text
    assert post.stage.bot.asked == [], "no bot looks at pictures"
    assert post.twilio.fetched == [("a.png", True)]


async def test_a_picture_of_a_telephone_is_a_download_alone(post: Post) -> None:
    post.twilio.files["a.png"] = ("text/html", png(64, 48))
    await post.deliver(pictured(post, "a.png"))
    (one,) = await post.attachments()
    assert one.content == Content("image/png", len(png(64, 48))), "without pixels none is drawn"


@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [
        ("page.html", b"<html><script>alert(1)</script>", "no picture, sound, video or document"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture"),
        ("run.exe", b"MZ\x90\0", "no picture"),
        ("empty", b"", "no picture"),
        ("gone", None, "404"),
        ("big.png", PNG + b"\0" * 2**20, "larger than 1 MiB"),
    ],
)
async def test_what_is_not_kept_says_why(
    tmp_path: Path, empty_database: Path, name: str, body: bytes | None, reason: str
) -> None:
    shutil.copy(empty_database, tmp_path / "parley.db")
    async with posting(tmp_path, twilio_media_mib=1) as post:
        if body is not None:
            post.twilio.files[name] = ("image/png", body)
        await post.deliver(pictured(post, name))
        (one,) = await post.attachments()
        assert one.keeping.value == "refused"
        assert reason in (one.reason or "")
        assert list((tmp_path / "recordings").glob("*")) == []


async def test_a_file_that_cannot_be_had_now_is_tried_again(post: Post) -> None:
    post.twilio.files["a.png"] = ("image/png", PNG)
    post.twilio.file_failures = 2
    await post.deliver(pictured(post, "a.png"))
    assert [one.keeping.value for one in await post.attachments()] == ["waiting"]
    await post.messaging.media.fetch_waiting()
    assert [one.keeping.value for one in await post.attachments()] == ["kept"]


async def test_storage_that_is_away_delays_a_file_and_loses_none(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, away = StoredFiles.keep, [True, True]

    def keep_later(files: StoredFiles, draft: Draft, file_id: str) -> None:
        if away:
            away.pop()
            raise Unavailable("the bucket does not answer", retryable=True)
        keep(files, draft, file_id)

    monkeypatch.setattr(StoredFiles, "keep", keep_later)
    for name in ("a.png", "b.png"):
        post.twilio.files[name] = ("image/png", PNG)
    await post.deliver(pictured(post, "a.png"))
    await post.deliver(pictured(post, "b.png", sid="SM2"))
    await post.messaging.media.fetch_waiting()
    assert [one.keeping.value for one in await post.attachments()] == ["kept", "kept"]


async def test_a_file_that_cannot_be_had_for_an_hour_is_given_up(post: Post) -> None:
    post.twilio.file_failures = 9
    await post.deliver(pictured(post, "a.png"))
    later(post, timedelta(minutes=61))
    await post.messaging.media.fetch_waiting()
    (one,) = await post.attachments()
    assert one.reason == media.GONE


async def test_a_file_of_another_host_is_not_asked_for(post: Post) -> None:
    fields = pictured(post, "x") | {"MediaUrl0": "https://evil.example/x"}
    await post.deliver(fields)
    (one,) = await post.attachments()
    assert one.reason == "Only what Twilio itself keeps is fetched."


async def test_words_beside_a_picture_go_to_the_bot(post: Post) -> None:
    post.twilio.files["a.png"] = ("image/png", PNG)
    await post.deliver(pictured(post, "a.png") | {"Body": "it came broken"})
    assert post.stage.bot.asked[0]["text"] == "[Picture]\nit came broken"


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("[Picture]", True),
        ("[Picture] [File]", True),
        ("[Picture]\nbroken", False),
        ("[Something]", False),
        ("", False),
    ],
)
def test_turns_of_files_alone(text: str, is_so: bool) -> None:
    assert is_only_files(text) is is_so


async def test_a_message_reaches_who_holds_the_conversation(post: Post) -> None:
    await post.say("agent")
    assert (await post.stage.handoff(await post.find())).holder is Holder.WAITING
    await post.command("take")
    assert await post.say("hello?") == []
    await post.command("say", turn="t1", text="I am here.")
    assert post.twilio.sent[-1]["Body"] == "Ann: I am here."
