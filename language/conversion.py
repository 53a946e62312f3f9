"""Converting the encoder's published weights for ctranslate2, without torch.

Layer by layer after ctranslate2's own BERT converter, which needs torch and transformers; the
result was compared with that converter's: cosine 1.0 before quantization.
"""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from ctranslate2.specs.common_spec import Activation, EmbeddingsMerge, LayerNormSpec, LinearSpec
from ctranslate2.specs.transformer_spec import (
    TransformerEncoderLayerSpec,
    TransformerEncoderModelSpec,
    TransformerEncoderSpec,
)
from safetensors.numpy import load_file

from language.encoder import LAYERS

Tensors: TypeAlias = Mapping[str, npt.NDArray[np.float32]]

HEADS = 12


def convert_encoder(weights: Path, tokenizer: Path, folder: Path) -> None:
    """Write `folder` as language.encoder loads it: an int8 ctranslate2 model and its tokenizer.

    Args:
        weights: all-MiniLM-L6-v2's `model.safetensors`.
        tokenizer: its `tokenizer.json`.
        folder: made anew; must not exist.
    """
    spec = _encoder_spec(load_file(weights), _vocabulary(tokenizer))
    spec.validate()
    spec.optimize("int8")
    folder.mkdir(parents=True)
    spec.save(str(folder))
    shutil.copyfile(tokenizer, folder / "tokenizer.json")


def _vocabulary(tokenizer: Path) -> list[str]:
    """The tokens in the order of their ids."""
    ids: dict[str, int] = json.loads(tokenizer.read_text(encoding="utf-8"))["model"]["vocab"]
    return sorted(ids, key=ids.__getitem__)


def _encoder_spec(tensors: Tensors, vocabulary: list[str]) -> TransformerEncoderModelSpec:
    encoder = TransformerEncoderSpec(
        LAYERS,
        HEADS,
        pre_norm=False,
        activation=Activation.GELU,
        layernorm_embedding=True,
        num_source_embeddings=2,
        embeddings_merge=EmbeddingsMerge.ADD,
    )
    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = tensors["embeddings.word_embeddings.weight"]
    encoder.embeddings[1].weight = tensors["embeddings.token_type_embeddings.weight"]
    encoder.position_encodings.encodings = tensors["embeddings.position_embeddings.weight"]
    _set_norm(encoder.layernorm_embedding, tensors, "embeddings.LayerNorm")
    for index, layer in enumerate(encoder.layer):
        _set_layer(layer, tensors, f"encoder.layer.{index}")
    spec = TransformerEncoderModelSpec(encoder, pooling_layer=False)
    spec.register_vocabulary(vocabulary)
    spec.config.unk_token = "[UNK]"  # noqa: S105 - a word's stand-in, not a secret
    spec.config.layer_norm_epsilon = 1e-12  # BERT's
    return spec


def _set_layer(layer: TransformerEncoderLayerSpec, tensors: Tensors, name: str) -> None:
    attention = layer.self_attention
    parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
    attention.linear[0].weight = np.concatenate([tensors[f"{part}.weight"] for part in parts])
    attention.linear[0].bias = np.concatenate([tensors[f"{part}.bias"] for part in parts])
    _set_linear(attention.linear[1], tensors, f"{name}.attention.output.dense")
    _set_norm(attention.layer_norm, tensors, f"{name}.attention.output.LayerNorm")
    _set_linear(layer.ffn.linear_0, tensors, f"{name}.intermediate.dense")
    _set_linear(layer.ffn.linear_1, tensors, f"{name}.output.dense")
    _set_norm(layer.ffn.layer_norm, tensors, f"{name}.output.LayerNorm")


def _set_linear(linear: LinearSpec, tensors: Tensors, name: str) -> None:
    linear.weight = tensors[f"{name}.weight"]
    linear.bias = tensors[f"{name}.bias"]


def _set_norm(norm: LayerNormSpec, tensors: Tensors, name: str) -> None:
    norm.gamma = tensors[f"{name}.weight"]
    norm.beta = tensors[f"{name}.bias"]
