"""How far words' edges lie from pauses in a real call: `python -m benchmarks.speech.pauses CALL`.

The call has a party a channel, silent at -60 dBFS and below while the other speaks, so where a
pause begins and ends is known by level alone, to about 0.03 s, without anybody's transcript. Of
each loud stretch the first word's begin and the last word's end are judged, whatever the words
are. Soft first and last sounds are no louder than the line, so some of it is the level's own error.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.speech.times import quiet_edges
from core.conversation import Turn
from core.recording import ChannelLayout
from core.settings import load_settings
from core.spans import TimeSpan
from speech.alignment import Aligner
from speech.audio import Reading, probe
from speech.choice import find_moonshine, revision
from speech.engines import Engine
from speech.hearing import hear
from speech.moonshine import Moonshine

LOUD_DBFS = -45.0  # the median is 22 ms at -50, 34 at -40
SHORTEST = 0.15  # seconds; shorter ones are clicks and breaths


def errors(call: Path, engine: Engine) -> list[float]:
    """Seconds by which each edge is off."""
    reading = Reading(probe(call, max_hours=1), max_hours=1)
    channels = np.concatenate(list(reading.blocks()), axis=1)
    heard = hear(
        call,
        recording="b",
        layout=ChannelLayout.AGENT_CUSTOMER,
        engine=engine,
        language="en",
        max_hours=1,
    )
    return [
        off
        for number, samples in enumerate(channels, start=1)
        for off in _off(
            [TimeSpan(*edges) for edges in quiet_edges(samples, loud=LOUD_DBFS)],
            [span for turn in heard.turns for span in _words(turn, f"channel {number}")],
        )
    ]


def _words(turn: Turn, speaker: str) -> Iterator[TimeSpan]:
    if turn.speech and turn.speech.speaker == speaker:
        yield from (word.span for word in turn.speech.words)


def _off(loud: list[TimeSpan], words: list[TimeSpan]) -> Iterator[float]:
    for stretch in loud:
        inside = [word for word in words if stretch.contains((word.start + word.end) / 2)]
        if stretch.duration >= SHORTEST and inside:
            yield min(word.start for word in inside) - stretch.start
            yield max(word.end for word in inside) - stretch.end


def main() -> None:
    """Print one line for words that were interpolated and one for those that were aligned."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("call", type=Path)
    call = parser.parse_args().call
    choice = find_moonshine(load_settings())
    if choice is None:
        parser.error("Moonshine is not in models/; run `parley models pull asr`")
    for name, aligner in {"interpolated": None, "aligned": Aligner()}.items():
        engine = Moonshine(choice.folder, revision=revision(choice.folder), aligner=aligner)
        off = np.sort(np.abs(errors(call, engine))) * 1000
        nearest = off[: len(off) * 9 // 10]
        print(  # noqa: T201 - a command's answer
            f"{call.name}, pauses: {name}: {len(off)} edges, median {np.median(off):.0f} ms, "
            f"mean of the nearest nine tenths {nearest.mean():.0f} ms"
        )


if __name__ == "__main__":
    main()
