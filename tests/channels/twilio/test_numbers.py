"""Our numbers, named in the settings, and what a customer calls themselves on WhatsApp."""

import shutil
from pathlib import Path

import pytest

from core.conversation import Channel
from core.errors import BadSettings
from core.settings import Settings, load_settings
from store import messaging
from tests.channels.twilio.post import CUSTOMER, OURS, Post, message, posting, sms
from tests.channels.twilio.stand_in import PUBLIC_URL, SID, TOKEN

ACCOUNT = {"twilio_account_sid": SID, "twilio_auth_token": TOKEN, "chat_url": PUBLIC_URL}


async def called(post: Post) -> str | None:
    """What the customer calls themselves."""
    async with post.stage.room.database.reading() as session:
        line = await messaging.find_line(session, await post.find(Channel.WHATSAPP))
    assert line is not None
    assert line.customer == CUSTOMER
    return line.calls_themselves


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Ann", "Ann"),
        ("  Ann\n of the\tsea ", "Ann of the sea"),
        ("", None),
        ("\u200b\u202e", None),
        ("x" * 200, "x" * 80),
        ("<b>Ann</b> 🌊", "<b>Ann</b> 🌊"),
        ("4111 1111 1111 1111", "█" * 19),
    ],
)
async def test_what_a_customer_calls_themselves_is_kept(
    post: Post, name: str, kept: str | None
) -> None:
    await post.deliver(message("hello", ProfileName=name))
    assert await called(post) == kept


async def test_the_latest_name_counts_and_none_changes_nothing(post: Post) -> None:
    await post.deliver(message("hello"))
    await post.deliver(message("hello", sid="SM2", ProfileName="Anna"))
    await post.deliver(message("hello", sid="SM3", ProfileName=""))
    assert await called(post) == "Anna"


async def test_only_named_numbers_are_answered(tmp_path: Path, empty_database: Path) -> None:
    shutil.copy(empty_database, tmp_path / "parley.db")
    numbers = (f"whatsapp:{OURS}", "60018")
    async with posting(tmp_path, twilio_numbers=numbers) as post:
        assert (await post.deliver(message("hello")))[0] == 200
        assert (await post.deliver(sms("hello", sid="SM2", To="60018")))[0] == 200
        status, told = await post.deliver(sms("hello", sid="SM3"))
        assert (status, "PARLEY_TWILIO_NUMBERS" in told) == (400, True)
        assert {one["From"] for one in post.twilio.sent} == {f"whatsapp:{OURS}", "60018"}


async def test_a_number_that_is_ours_no_more_tells_the_agent(
    tmp_path: Path, empty_database: Path
) -> None:
    shutil.copy(empty_database, tmp_path / "parley.db")
    async with posting(tmp_path) as post:
        await post.deliver(message("agent"))
        assert post.twilio.sent != []
    async with posting(tmp_path, twilio_numbers=("whatsapp:+442079460019",)) as post:
        await post.command("take")
        await post.command("say", turn="a1", text="Hello")
        await post.settle()
        (*_, told) = await post.reports()
        assert "PARLEY_TWILIO_NUMBERS" in (told.reason or "")
        assert post.twilio.sent == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", ()),
        ("+442079460018", ("+442079460018",)),
        (
            " whatsapp:+44 20 7946 0018 , 60018,",
            ("whatsapp:+442079460018", "60018"),
        ),
    ],
)
def test_numbers_are_read_by_commas(given: str, kept: tuple[str, ...]) -> None:
    assert Settings(**ACCOUNT, twilio_numbers=given).twilio_numbers == kept  # type: ignore[arg-type] # as the environment has it


@pytest.mark.parametrize(
    "given", ["02079460018", "whatsapp:60018", "+44", "sms:+442079460018", "+44²079460018", "Acme"]
)
def test_a_number_that_cannot_send_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in {**ACCOUNT, "twilio_numbers": given}.items():
        monkeypatch.setenv(f"PARLEY_{name.upper()}", value)
    with pytest.raises(BadSettings, match=r"PARLEY_TWILIO_NUMBERS.*whatsapp:\+442079460018"):
        load_settings()


def test_numbers_without_an_account_stop_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PARLEY_TWILIO_NUMBERS", "+442079460018")
    with pytest.raises(BadSettings, match="PARLEY_TWILIO_ACCOUNT_SID"):
        load_settings()
