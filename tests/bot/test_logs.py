import logging
import sys
import warnings

import pytest

from bot.logs import record_without_words, withhold_words

CANARY = "wombat"


def line(name: str, level: int, message: str, *args: object, error: bool = False) -> str:
    """What a line reads when it went through our records."""
    exc_info = None
    if error:
        try:
            raise KeyError(CANARY)
        except KeyError:
            exc_info = sys.exc_info()
    record = record_without_words(
        name, level, "/somewhere/processor.py", 7, message, args, exc_info, "parse"
    )
    return logging.Formatter("%(name)s %(message)s").format(record)


@pytest.mark.parametrize(
    ("got", "wanted"),
    [
        (
            line("rasa.core.processor", logging.DEBUG, f"text {CANARY}"),
            "rasa.core.processor processor.parse:7",
        ),
        (
            line("rasa.core.lock_store", logging.ERROR, "no %s", CANARY),
            "rasa.core.lock_store processor.parse:7",
        ),
        (
            line("rasa.core.processor", logging.ERROR, "failed", error=True),
            "rasa.core.processor processor.parse:7 (KeyError)",
        ),
        (line("sqlalchemy.engine", logging.INFO, CANARY), "sqlalchemy.engine processor.parse:7"),
        (line("root", logging.INFO, "Rasa is up on %s", 5005), "root Rasa is up on 5005"),
        (
            line("bot.channel", logging.ERROR, "turn %s", "t1", error=True),
            "bot.channel turn t1 (KeyError)",
        ),
    ],
)
def test_a_line_keeps_place_and_type_but_no_words(got: str, wanted: str) -> None:
    assert got == wanted


def test_warnings_are_named_by_category_and_place(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    before = logging.getLogRecordFactory()
    try:
        withhold_words()
        warnings.showwarning(UserWarning(CANARY), UserWarning, "/a/story.py", 3)
    finally:
        logging.setLogRecordFactory(before)
    assert capsys.readouterr().err == "UserWarning at story.py:3\n"
