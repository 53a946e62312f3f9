"""The heads and judges that can be trained, by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.train.acts import train_agent_acts, train_customer_acts
from benchmarks.train.annoyed import train_annoyed
from benchmarks.train.calm import train_calm
from benchmarks.train.feelings import train_feelings
from benchmarks.train.resolution import train_resolution
from benchmarks.train.satisfaction import train_satisfaction
from benchmarks.train.sentiment import train_sentiment
from language.encoder import LAYERS, Encoder
from language.trained_mood import LAYERS_READ

ROOT = Path(__file__).resolve().parents[2]


class Trained(Protocol):
    """What came out: something with a card that can be written."""

    @property
    def card(self) -> Mapping[str, str]:
        """Data, date, figures, limits."""
        ...

    def save(self, path: Path) -> None:
        """Write it; the same thing gives the same bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Trainer:
    """How one file is made from a folder of data, and where Parley ships it."""

    train: Callable[[Path, Encoder], Trained]
    file: Path
    layers: int = LAYERS  # of the encoder that it is given


TRAINERS: Mapping[str, Trainer] = {
    "sentiment": Trainer(
        train_sentiment, ROOT / "language/heads/sentiment.safetensors", layers=LAYERS_READ
    ),
    # Judges read the three heads before them, so those come first.
    "agent_acts": Trainer(train_agent_acts, ROOT / "qa/heads/agent_acts.safetensors"),
    "customer_acts": Trainer(train_customer_acts, ROOT / "qa/heads/customer_acts.safetensors"),
    "feelings": Trainer(train_feelings, ROOT / "qa/heads/feelings.safetensors"),
    "resolution": Trainer(train_resolution, ROOT / "qa/heads/resolution.safetensors"),
    "annoyed": Trainer(train_annoyed, ROOT / "qa/heads/annoyed.safetensors"),
    "calm": Trainer(train_calm, ROOT / "qa/heads/calm.safetensors"),
    # The scale of satisfaction reads the judges.
    "satisfaction": Trainer(train_satisfaction, ROOT / "qa/heads/satisfaction.json"),
}
