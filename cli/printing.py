"""What people said and named, on a terminal that it must not drive."""

import json
import re
from collections.abc import Iterable

import typer

from core.errors import ModelUnavailable
from core.settings import Settings
from language.encoder import find_folder, load_encoder

# Control characters of C0, DEL and C1 move the cursor and send keys; the others change the
# direction of writing or begin a line, and so forge what stands beside them (Unicode 15.1,
# chapter 23).
_CODES = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_IN_JSON = re.compile(r"[\x7f-\x9f]")  # json escapes the others that terminals obey


def shown(text: str) -> str:
    """The text on one line, each character that a terminal would obey as its code."""
    return _CODES.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def say_lines(lines: Iterable[str]) -> None:
    """Print lines, each on one line."""
    typer.echo("\n".join(map(shown, lines)))


def remark_encoder(settings: Settings) -> None:
    """Say on standard error that scores lack the encoder, where it is not there."""
    try:
        load_encoder(find_folder(settings.models, settings.encoder_model))
    except ModelUnavailable as error:
        typer.echo(f"parley: moods and meanings are told by words alone: {error}", err=True)


def say_json(value: object) -> None:
    """Print a JSON value on one line, in letters that people read."""
    text = json.dumps(value, ensure_ascii=False)
    typer.echo(_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text))
