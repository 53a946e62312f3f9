"""Trains the mood of a customer's turn: negative, neutral, positive."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.qa.sentiment import confusion, f1
from benchmarks.train.open_texts import read_labelled, restored, some, spoken
from benchmarks.train.own_turns import joined, sentences
from benchmarks.train.token_net import Examples, Floats, Recipe, train_net
from benchmarks.train.token_states import token_states
from language.encoder import LAYERS, Encoder
from language.plain_words import plain_words
from language.token_head import TokenHead
from language.trained_mood import LAYERS_READ

LABELS = ("negative", "neutral", "positive")
SEED = 1
UNITS = 96  # 48 lost 0.003 of macro F1 on texts kept back
KEPT_BACK = 2000  # texts of each open set that are not learned from and tell how well it went
JOINED = 8000  # turns made of our own sentences


@dataclass(frozen=True, slots=True)
class Source:
    """Some of an open set's texts, each counting `weight`; if spoken, then as bare words."""

    name: str
    count: int
    weight: float
    is_spoken: bool = False


# Numbers of texts as picked on the choosing halves; more of GoEmotions helps it alone.
SOURCES = (
    Source("goemotions_train", 24_000, 1.0),
    Source("xed", 16_000, 1.0),
    Source("goemotions_train", 8_000, 0.5, is_spoken=True),
    Source("xed", 8_000, 0.5, is_spoken=True),
)
# Logits times this: chances are then less timid than smoothed labels make them, and the borders of
# mood part the labels as well as the likeliest label does; picked on the choosing halves.
SHARPER = 2.0
OF_SENTENCES, OF_JOINED = 5.0, 1.5  # weights of our own

Part = tuple[list[str], list[int], float]  # texts, labels, weight of each text


def train_sentiment(data: Path, encoder: Encoder) -> TokenHead:
    """A head on the states of tokens, from sets with an open licence and sentences of our own."""
    open_sets = {source.name: _read(data, source.name) for source in SOURCES}
    parts = [*(_part(source, *open_sets[source.name]) for source in SOURCES), *_own()]
    read = [token_states(texts, encoder) for texts, _, _ in parts]
    states, lengths = (np.concatenate(of_parts) for of_parts in zip(*read, strict=True))
    labels = np.array([label for part in parts for label in part[1]])
    weights = np.concatenate([_weights(part[1], part[2]) for part in parts])
    made = train_net(
        Examples(states, lengths, labels, weights / weights.mean()),
        len(LABELS),
        Recipe(UNITS, seed=SEED),
    )
    for name in ("weights", "bias"):
        made[name] *= np.float32(SHARPER)
    rounded = {name: one.astype(np.float16).astype(np.float32) for name, one in made.items()}
    head = TokenHead("sentiment", "3", LABELS, **rounded, card={})
    kept_back = {name: _kept_back(head, encoder, *known) for name, known in open_sets.items()}
    return TokenHead("sentiment", "3", LABELS, **rounded, card=_card(len(labels), kept_back))


def _read(data: Path, name: str) -> tuple[list[str], list[int]]:
    texts, labels = read_labelled(data / "sentiment" / f"{name}.csv")
    return [restored(text) for text in texts], [LABELS.index(label) for label in labels]


def _part(source: Source, texts: Sequence[str], labels: Sequence[int]) -> Part:
    apart = _not_learned(texts)
    learned = [place for place in range(len(texts)) if place not in apart]
    purpose = "spoken" if source.is_spoken else "written"
    chosen = some([texts[place] for place in learned], source.count, purpose=purpose)
    places = [learned[one] for one in chosen]
    told = [spoken(texts[place]) if source.is_spoken else texts[place] for place in places]
    return told, [labels[place] for place in places], source.weight


def _not_learned(texts: Sequence[str]) -> frozenset[int]:
    return frozenset(some(texts, KEPT_BACK, purpose="kept back"))


def _own() -> tuple[Part, Part]:
    single = [(text, label) for text, label, _ in sentences()]
    return _labelled(single, OF_SENTENCES), _labelled(joined(JOINED, seed=SEED), OF_JOINED)


def _labelled(pairs: Sequence[tuple[str, str]], weight: float) -> Part:
    texts = [plain_words(text) or "." for text, _ in pairs]
    return texts, [LABELS.index(label) for _, label in pairs], weight


def _weights(labels: Sequence[int], weight: float) -> Floats:
    """Each label of a part weighs as much as the others."""
    counts = np.bincount(labels, minlength=len(LABELS))
    return np.asarray(weight * len(labels) / len(LABELS) / counts[labels], dtype=np.float32)


def _kept_back(
    head: TokenHead, encoder: Encoder, texts: Sequence[str], labels: Sequence[int]
) -> float:
    """Macro F1 on texts that were not learned from."""
    places = sorted(_not_learned(texts))
    states, lengths = token_states([texts[place] for place in places], encoder)
    told = head.logits(states.astype(np.float32), lengths).argmax(axis=1)
    return float(f1(confusion(np.array([labels[place] for place in places]), told)).mean())


def _card(count: int, kept_back: dict[str, float]) -> dict[str, str]:
    return {
        "trained_on": "GoEmotions (Apache-2.0), XED (CC-BY-4.0), sentences written for Parley",
        "date": "2026-11-30",
        "texts": str(count),
        "reads": f"states of tokens after {LAYERS_READ} of {LAYERS} layers, all-MiniLM-L6-v2 as "
        "ctranslate2 int8",
        "figures": "macro F1 on texts kept back: "
        + ", ".join(f"{name} {figure:.3f}" for name, figure in sorted(kept_back.items()))
        + "; on sets never learned from: docs/benchmarks.md",
        "limits": "English; one turn, without what was said before it; irony is often missed",
    }
