"""The sentences that no rule was changed for, as conversations with one label each."""

import re
from collections.abc import Iterator
from pathlib import Path

from benchmarks.qa.conduct.talks import labelled
from core.conversation import Channel, Conversation, JsonValue
from qa.examples import lines_of

FILE = Path(__file__).with_name("blind.tsv")
COMPANY = "Larkmoor Bank"
TRUTHS: dict[str, JsonValue] = {"yes": True, "no": False, "not_applicable": None}
_BEGIN = "A: {} / C: hi i have a question / A: ok / C: yes / A: so it is done / C: ok / A: right"
_LATE = "A: yes / C: hi i have a question / A: so it is done / C: ok / A: {} / C: no / A: right"
_END = "A: yes / C: hi i have a question / A: ok / C: yes / A: so it is done / C: ok / A: {}"
FRAMES = {
    "greeting": _BEGIN, "agent_name": _BEGIN, "offer_help": _BEGIN,
    "further_help": _LATE, "courteous_close": _END,
}  # fmt: skip
_MARKS = re.compile(r"(?:\A| / )([AC]): ")


def read_sentences(file: Path = FILE) -> Iterator[tuple[str, Conversation]]:
    """Each row of a file as a conversation, its number as the source; lower case is spoken."""
    rows = [line for line in file.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    for number, row in enumerate(rows, 1):
        question, truth, words = row.split("\t")
        talk = words if words.startswith("A: ") else FRAMES[question].format(words)
        is_spoken = _MARKS.sub(" ", words) == _MARKS.sub(" ", words).lower()
        channel = Channel.VOICE if is_spoken else Channel.WEB
        labels = {question: TRUTHS[truth]}
        source = f"blind {number}"
        yield source, labelled(source, channel, lines_of(talk), company=COMPANY, labels=labels)
