"""The training sentences: each stands once, and what customers were misread in stands right."""

from pathlib import Path

import pytest
import yaml

FOLDER = Path(__file__).parents[2] / "data" / "nlu"


def load_sentences() -> list[tuple[str, str]]:
    """(sentence, intent), as written."""
    blocks = [
        block
        for file in sorted(FOLDER.glob("*.yml"))
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]
        if "intent" in block
    ]
    return [
        (line.removeprefix("- ").strip(), block["intent"])
        for block in blocks
        for line in block["examples"].splitlines()
    ]


def test_no_sentence_stands_twice() -> None:
    texts = [text.casefold() for text, _ in load_sentences()]
    assert sorted(text for text in set(texts) if texts.count(text) > 1) == []


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("get me out of this bot", "ask_person"),
        ("can you un-cancel it", "ask_person"),
        ("where is it now", "order_status"),
        ("whats the phone number", "ask_article"),
        ("delete my data", "ask_article"),
        ("cancel the call back", "call_back"),
        ("how are you", "greet"),
        ("it doesn't fit", "give_details"),
    ],
)
def test_what_was_misread_is_taught(text: str, intent: str) -> None:
    assert dict(load_sentences())[text] == intent
