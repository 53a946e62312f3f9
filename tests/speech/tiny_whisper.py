"""A Whisper with random weights: real files, real loading and decoding, words that mean nothing.

Small enough to build in a test; with the dimensions of a real one, its work is that of the real
one, so benchmarks measure speed and memory with it.

No torch and no transformers: ctranslate2's own specification is filled with random numbers.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from ctranslate2.specs import WhisperSpec
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

NEVER = -100.0  # in the bias of marks and timestamps: text alone is written
MELS = 80


@dataclass(frozen=True, slots=True)
class Size:
    """Dimensions of a Whisper; `vocabulary` 0 takes what the tokenizer has."""

    width: int = 32
    feed_forward: int = 64
    layers: int = 1
    heads: int = 2
    vocabulary: int = 0


TINY = Size()
BASE = Size(512, 2048, 6, 8, 51_865)  # Radford et al. (2022), table 1
SENTENCES = ["hello there how can I help you today", "my order has not come yet"]
SPECIAL = [
    *("<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|translate|>", "<|transcribe|>"),
    *("<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>"),
    *(f"<|{step * 0.02:.2f}|>" for step in range(1501)),
]


def build_whisper(
    folder: Path, size: Size = TINY, *, seed: int = 7, writes_end: bool = True
) -> Path:
    """Write a model that faster-whisper loads: English only, random weights.

    Args:
        writes_end: whether it may end a text by itself; if not, it writes as long as it may.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = _tokenizer(size.vocabulary)
    tokens = [tokenizer.id_to_token(number) for number in range(tokenizer.get_vocab_size())]
    spec = WhisperSpec(size.layers, size.heads, size.layers, size.heads)
    _fill(spec, size, len(tokens), np.random.default_rng(seed))
    silenced = SPECIAL[1:] if writes_end else SPECIAL
    spec.decoder.projection.bias[[tokens.index(token) for token in silenced]] = NEVER
    spec.register_vocabulary(tokens)
    spec.config.suppress_ids = [tokens.index("<|startoftranscript|>")]
    spec.config.suppress_ids_begin = [tokens.index("<|endoftext|>")]
    spec.config.lang_ids = [tokens.index("<|en|>")]
    spec.config.alignment_heads = [(0, 0), (0, 1)]
    spec.validate()
    spec.optimize("int8")
    spec.save(str(folder))
    tokenizer.save(str(folder / "tokenizer.json"))
    preprocessor = {"feature_size": MELS, "sampling_rate": 16000, "hop_length": 160}
    preprocessor |= {"chunk_length": 30, "n_fft": 400}
    (folder / "preprocessor_config.json").write_text(json.dumps(preprocessor), encoding="utf-8")
    return folder


def _tokenizer(vocabulary: int) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(
        SENTENCES,
        trainers.BpeTrainer(vocab_size=320, initial_alphabet=alphabet, show_progress=False),
    )
    spare = vocabulary - tokenizer.get_vocab_size() - len(SPECIAL)
    tokenizer.add_tokens([f"word{number}" for number in range(spare)])
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in SPECIAL])
    return tokenizer


def _fill(spec: WhisperSpec, size: Size, vocabulary: int, chance: np.random.Generator) -> None:
    width, spread = size.width, 1.7 / size.width**0.5  # 0.3 at a width of 32

    def random(*shape: int) -> np.ndarray:
        return chance.normal(0, spread, shape).astype(np.float32)

    def norm(layer: object) -> None:
        layer.gamma, layer.beta = np.ones(width, np.float32), np.zeros(width, np.float32)  # type: ignore[attr-defined]

    def linear(layer: object, out: int, into: int = size.width) -> None:
        layer.weight, layer.bias = random(out, into), np.zeros(out, np.float32)  # type: ignore[attr-defined]

    spec.encoder.conv1.weight = random(width, MELS, 3)
    spec.encoder.conv2.weight = random(width, width, 3)
    spec.encoder.conv1.bias = spec.encoder.conv2.bias = np.zeros(width, np.float32)
    spec.encoder.position_encodings.encodings = random(1500, width)
    spec.decoder.position_encodings.encodings = random(448, width)
    spec.decoder.embeddings.weight = random(vocabulary, width)
    linear(spec.decoder.projection, vocabulary)
    for side in (spec.encoder, spec.decoder):
        norm(side.layer_norm)
        for layer in side.layer:
            norm(layer.self_attention.layer_norm)
            linear(layer.self_attention.linear[0], 3 * width)
            linear(layer.self_attention.linear[1], width)
            norm(layer.ffn.layer_norm)
            linear(layer.ffn.linear_0, size.feed_forward)
            linear(layer.ffn.linear_1, width, size.feed_forward)
    for layer in spec.decoder.layer:
        norm(layer.attention.layer_norm)
        for part, out in zip(layer.attention.linear, (width, 2 * width, width), strict=True):
            linear(part, out)
