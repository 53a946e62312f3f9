"""Settings: wrong ones are named, secrets are made once, every one is documented."""

import os
import stat
from pathlib import Path

import pytest

from core.conversation import CallDirection
from core.errors import BadSettings
from core.recording import ChannelLayout
from core.settings import Settings, load_secret, load_settings, make_var
from core.task_names import TASK_NAMES

DOCUMENT = Path(__file__).parents[2] / "docs" / "settings.md"


def test_settings_name_what_is_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PARLEY_TIMEZONE", "Mars/Olympus")
    monkeypatch.setenv("PARLEY_CHAT_PORT", "99999")
    with pytest.raises(BadSettings) as caught:
        load_settings()
    assert "PARLEY_TIMEZONE" in str(caught.value)
    assert "PARLEY_CHAT_PORT" in str(caught.value)


def test_settings_that_should_be_json_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PARLEY_SCORECARD_VARIABLES", "company=x")
    with pytest.raises(BadSettings, match="PARLEY_SCORECARD_VARIABLES: not JSON"):
        load_settings()


def test_a_dot_env_that_is_no_text_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_bytes(b"PARLEY_COMPANY=caf\xe9")
    with pytest.raises(BadSettings, match=r"\.env is not UTF-8"):
        load_settings()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadSettings, match="PARLEY_VAR"):
        make_var(Settings(var=tmp_path / "file" / "var"))


def test_settings_read_dot_env_and_lists(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(
        "PARLEY_COMPANY=Acme\nPARLEY_RASA_URLS=http://a:1/, http://b:2\n"
    )
    settings = load_settings()
    assert settings.company == "Acme"
    assert settings.rasas == ("http://a:1", "http://b:2")


def test_so_many_rasas_run_as_there_are_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    for cores, memory_gib, count in [(1, 24, 1), (2, 24, 2), (16, 24, 4), (16, 3, 1)]:
        monkeypatch.setattr(os, "sched_getaffinity", lambda _pid, n=cores: set(range(n)))
        pages = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": memory_gib * 2**18}
        monkeypatch.setattr(os, "sysconf", pages.__getitem__)
        assert len(Settings().rasas) == count


def test_secret_is_made_once_and_private(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path)
    secret = load_secret(settings, "live")
    assert len(secret) >= 32
    assert load_secret(settings, "live") == secret
    assert load_secret(settings, "address") != secret
    assert stat.S_IMODE((tmp_path / "live.secret").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["address.secret", "live.secret"]


def test_tasks_are_all_or_those_that_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().offered_tasks == TASK_NAMES
    monkeypatch.setenv("PARLEY_TASKS", "call_back, complain")
    assert load_settings().offered_tasks == {"call_back", "complain"}
    monkeypatch.setenv("PARLEY_TASKS", "call_back,complaint")
    with pytest.raises(BadSettings, match="'complaint' is no task; complain was meant"):
        load_settings()


def test_every_setting_is_documented() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    missing = [name for name in Settings.model_fields if f"`PARLEY_{name.upper()}`" not in text]
    assert missing == []


@pytest.mark.parametrize(
    ("direction", "inbound", "outbound", "layout"),
    [
        (CallDirection.INBOUND, None, None, ChannelLayout.CUSTOMER_AGENT),
        (CallDirection.OUTBOUND, None, None, ChannelLayout.FIND),  # whoever was called first
        (CallDirection.INBOUND, "agent", "customer", ChannelLayout.AGENT_CUSTOMER),
        (CallDirection.OUTBOUND, "agent", "customer", ChannelLayout.CUSTOMER_AGENT),
        (CallDirection.OUTBOUND, "customer", "agent", ChannelLayout.AGENT_CUSTOMER),
        (CallDirection.INBOUND, "find", "agent", ChannelLayout.FIND),
    ],
)
def test_who_rang_whom_says_who_is_where(
    monkeypatch: pytest.MonkeyPatch,
    direction: CallDirection,
    inbound: str | None,
    outbound: str | None,
    layout: ChannelLayout,
) -> None:
    for name, value in (("INBOUND", inbound), ("OUTBOUND", outbound)):
        if value:
            monkeypatch.setenv(f"PARLEY_{name}_FIRST", value)
    assert load_settings().layout_of(direction) is layout


@pytest.mark.parametrize(
    "address, told",
    [
        ("s3://calls/parley/", "s3://calls/parley"),
        ("s3://calls", "s3://calls"),
        ("file:///mnt/calls", "file:///mnt/calls"),
        ("az://calls@account/parley", "az://calls@account/parley"),
        ("", ""),
    ],
)
def test_where_recordings_are_kept_is_an_address(
    monkeypatch: pytest.MonkeyPatch, address: str, told: str
) -> None:
    monkeypatch.setenv("PARLEY_RECORDINGS_URL", address)
    assert load_settings().recordings_url == told


@pytest.mark.parametrize(
    "address, why",
    [
        ("calls/parley", "write it as s3://bucket/folder"),
        ("s3://", "write it as s3://bucket/folder"),
        ("https://calls.example/parley", "write it as s3://bucket/folder"),
        (
            "memory://calls",
            "write it as s3://bucket/folder",
        ),  # each program has a memory of its own
        ("file://calls", "from the root on"),
        ("s3://key:hush@calls/parley", "do not belong into it"),
        ("s3://calls/parley?token=hush", "do not belong into it"),
    ],
)
def test_what_is_no_place_for_recordings_is_named(
    monkeypatch: pytest.MonkeyPatch, address: str, why: str
) -> None:
    monkeypatch.setenv("PARLEY_RECORDINGS_URL", address)
    with pytest.raises(BadSettings, match=why) as caught:
        load_settings()
    assert "RECORDINGS_URL" in str(caught.value)
    assert "hush" not in str(caught.value)
