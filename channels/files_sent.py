"""How a turn names the files that came with it, so that everybody reads that there are some."""

import re

PICTURE, VIDEO, VOICE, FILE = "Picture", "Video", "Voice message", "File"
_NAMES = {"image": PICTURE, "video": VIDEO, "audio": VOICE}
_ONLY = re.compile(rf"(?:\[(?:{PICTURE}|{VIDEO}|{VOICE}|{FILE})\]\s*)+")


def name_file(kind: str) -> str:
    """'[Picture]' for image/jpeg, '[File]' for what is none of the known."""
    return f"[{_NAMES.get(kind.partition('/')[0], FILE)}]"


def is_only_files(text: str) -> bool:
    """Whether a turn has files and no words, which no bot can answer."""
    return _ONLY.fullmatch(text) is not None
