"""A Whisper small enough to build in a test: real files, real loading and decoding, random words.

No torch and no transformers: ctranslate2's own specification is filled with random numbers.
"""

import json
from pathlib import Path

import numpy as np
from ctranslate2.specs import WhisperSpec
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

NEVER = -100.0  # in the bias of marks and timestamps: text alone is written
WIDTH, FFN, MELS, HEADS = 32, 64, 80, 2
SENTENCES = ["hello there how can I help you today", "my order has not come yet"]
SPECIAL = [
    *("<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|translate|>", "<|transcribe|>"),
    *("<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>"),
    *(f"<|{step * 0.02:.2f}|>" for step in range(1501)),
]


def build_tiny_whisper(folder: Path, seed: int = 7) -> Path:
    """Write a model that faster-whisper loads: English only, one layer, random weights."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = _tokenizer()
    tokens = [tokenizer.id_to_token(number) for number in range(tokenizer.get_vocab_size())]
    spec = WhisperSpec(1, HEADS, 1, HEADS)
    _fill(spec, len(tokens), np.random.default_rng(seed))
    spec.decoder.projection.bias[[tokens.index(token) for token in SPECIAL[1:]]] = NEVER
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


def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(
        SENTENCES,
        trainers.BpeTrainer(vocab_size=320, initial_alphabet=alphabet, show_progress=False),
    )
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in SPECIAL])
    return tokenizer


def _fill(spec: WhisperSpec, vocabulary: int, chance: np.random.Generator) -> None:
    def random(*shape: int) -> np.ndarray:
        return chance.normal(0, 0.3, shape).astype(np.float32)

    def norm(layer: object) -> None:
        layer.gamma, layer.beta = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)  # type: ignore[attr-defined]

    def linear(layer: object, out: int, into: int = WIDTH) -> None:
        layer.weight, layer.bias = random(out, into), np.zeros(out, np.float32)  # type: ignore[attr-defined]

    spec.encoder.conv1.weight = random(WIDTH, MELS, 3)
    spec.encoder.conv2.weight = random(WIDTH, WIDTH, 3)
    spec.encoder.conv1.bias = spec.encoder.conv2.bias = np.zeros(WIDTH, np.float32)
    spec.encoder.position_encodings.encodings = random(1500, WIDTH)
    spec.decoder.position_encodings.encodings = random(448, WIDTH)
    spec.decoder.embeddings.weight = random(vocabulary, WIDTH)
    linear(spec.decoder.projection, vocabulary)
    for side in (spec.encoder, spec.decoder):
        norm(side.layer_norm)
        for layer in side.layer:
            norm(layer.self_attention.layer_norm)
            linear(layer.self_attention.linear[0], 3 * WIDTH)
            linear(layer.self_attention.linear[1], WIDTH)
            norm(layer.ffn.layer_norm)
            linear(layer.ffn.linear_0, FFN)
            linear(layer.ffn.linear_1, WIDTH, FFN)
    for layer in spec.decoder.layer:
        norm(layer.attention.layer_norm)
        for part, out in zip(layer.attention.linear, (WIDTH, 2 * WIDTH, WIDTH), strict=True):
            linear(part, out)
