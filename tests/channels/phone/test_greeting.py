"""The first words of a call: its menu holds what the house does."""

import pytest

from channels.phone.greeting import greeting
from channels.waiting import Outlook
from core.settings import Settings
from core.task_names import TASK_NAMES

PEOPLE = "Talk to a person"


@pytest.mark.parametrize(
    ("left_out", "is_open", "offered"),
    [
        ((), True, ["Where is my order?", "Return something", PEOPLE]),
        (("start_return",), True, ["Where is my order?", PEOPLE]),
        (("start_return", "order_status"), True, [PEOPLE]),
        (("order_status",), False, ["Return something", "Leave a ticket", "Call me back"]),
    ],
)
def test_the_menu_leaves_out_what_the_house_does_not_do(
    left_out: tuple[str, ...], is_open: bool, offered: list[str]
) -> None:
    settings = Settings(tasks=tuple(TASK_NAMES - set(left_out)))
    line = greeting(settings, Outlook(place=1, is_open=is_open))
    assert [title for title, _ in line.choices] == offered
