"""Which Rasa server answers: one conversation, one server; new ones where the fewest wait."""

from contextlib import ExitStack

import pytest

from channels import rasas
from channels.rasas import AWAY_SECONDS, Rasas

URLS = ("http://a", "http://b", "http://c")


class Clock:
    """The monotonic clock, set by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds = 100.0
        monkeypatch.setattr("channels.rasas.time.monotonic", lambda: self.seconds)


def _home(servers: Rasas, conversation: str) -> str:
    with servers.asked(conversation) as url:
        return url


def test_a_conversation_stays_where_it_is() -> None:
    servers = Rasas(URLS)
    homes = {name: _home(servers, name) for name in map(str, range(50))}
    assert homes == {name: _home(servers, name) for name in homes}
    assert set(homes.values()) == set(URLS)


def test_after_a_restart_a_lone_conversation_is_found_where_it_was() -> None:
    names = [str(number) for number in range(20)]
    assert [_home(Rasas(URLS), name) for name in names] == [
        _home(Rasas(URLS), name) for name in names
    ]


def test_new_conversations_go_where_the_fewest_wait() -> None:
    servers = Rasas(URLS)
    with ExitStack() as waiting:
        homes = [waiting.enter_context(servers.asked(str(number))) for number in range(12)]
        assert sorted(homes) == sorted(URLS * 4)


def test_a_server_that_is_away_is_left_alone_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, servers = Clock(monkeypatch), Rasas(URLS)
    servers.note_away("http://a")
    names = [str(number) for number in range(30)]
    assert {_home(servers, name) for name in names} == {"http://b", "http://c"}
    clock.seconds += AWAY_SECONDS
    assert "http://a" in {_home(servers, name) for name in map(str, range(30, 60))}


def test_a_conversation_leaves_a_server_that_is_away() -> None:
    servers = Rasas(URLS)
    home = _home(servers, "conversation")
    servers.note_away(home)
    assert _home(servers, "conversation") != home


def test_where_all_are_away_all_are_asked() -> None:
    servers = Rasas(URLS[:1])
    servers.note_away("http://a")
    assert _home(servers, "conversation") == "http://a"


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasas, "MOST_KEPT", 3)
    servers = Rasas(URLS)
    for number in range(10):
        _home(servers, str(number))
    servers.forget("9")
    servers.forget("never seen")
    assert len(servers._homes) == 2


def test_a_turn_that_failed_waits_no_longer() -> None:
    servers = Rasas(URLS[:2])
    with pytest.raises(ZeroDivisionError), servers.asked("first"):
        1 / 0  # noqa: B018 - it fails
    with servers.asked("second") as second, servers.asked("third") as third:
        assert second != third
