"""How an unknown word sounds: letters to phones by rules, for names that no dictionary holds.

The longest rule that fits at a place wins. Rough on purpose: it serves the aligner, which needs
about the right phones, and the comparison of names, which forgives one.
Source of the idea: Elovitz et al., Letter-to-sound rules for automatic translation of English
text to phonetics (1976); the rules are our own and fewer. Phones are ARPAbet without stress.
"""

import re

_RULES = {  # letters -> phones; '^' stands before the word, '$' behind it
    **{"^kn": "N", "^gn": "N", "^pn": "N", "^wr": "R", "^ps": "S", "^x": "Z", "^rh": "R"},
    **{
        "^wh": "W",
        "^y": "Y",
        "^sch": "S K",
        "^schm": "SH M",
        "^schw": "SH W",
        "^schn": "SH N",
        "mb$": "M",
        "gh": "",
        "^gh": "G",
        "igh": "AY",
    },
    **{"tch": "CH", "ch": "CH", "sh": "SH", "th": "TH", "ph": "F", "ck": "K", "ng$": "NG"},
    **{"sch": "SH", "qu": "K W", "q": "K", "x": "K S", "dge": "JH", "wh": "W", "rh": "R"},
    **{"fj": "F Y", "bj": "B Y", "kj": "K Y", "tz": "T S", "cz": "CH", "sz": "S", "zh": "ZH"},
    **{"tion": "SH AH N", "sion": "ZH AH N", "cian": "SH AH N", "ture": "CH ER", "ous$": "AH S"},
    **{"ing$": "IH NG", "nk": "NG K", "ce": "S EH", "ci": "S IH", "cy": "S IY", "ce$": "S"},
    **{"ge": "JH EH", "gi": "JH IH", "gy": "JH IY", "ge$": "JH", "gue$": "G", "que$": "K"},
    **{"ee": "IY", "ea": "IY", "ie": "IY", "oo": "UW", "ou": "AW", "ow": "OW", "oa": "OW"},
    **{"oi": "OY", "oy": "OY", "ai": "EY", "ay": "EY", "ei": "EY", "ey": "EY", "ey$": "IY"},
    **{"au": "AO", "aw": "AO", "eu": "Y UW", "ew": "Y UW", "ue": "UW", "ui": "UW", "eau": "OW"},
    **{"ar": "AA R", "er": "ER", "ir": "ER", "ur": "ER", "or": "AO R", "yr": "ER", "ear": "IH R"},
    **{"air": "EH R", "are$": "EH R", "ore$": "AO R", "ire$": "AY ER", "eer": "IH R"},
    **{"a": "AE", "e": "EH", "i": "IH", "o": "AA", "u": "AH", "y": "IH", "y$": "IY", "e$": ""},
    **{"a$": "AH", "o$": "OW", "i$": "IY", "u$": "UW", "es$": "IH Z", "ed$": "D", "le$": "AH L"},
    **{"b": "B", "c": "K", "d": "D", "f": "F", "g": "G", "h": "HH", "j": "JH", "k": "K"},
    **{"l": "L", "m": "M", "n": "N", "p": "P", "r": "R", "s": "S", "t": "T", "v": "V"},
    **{"w": "W", "z": "Z"},
}
_LONG = {"a": "EY", "e": "IY", "i": "AY", "o": "OW", "u": "UW", "y": "AY"}
_MAGIC_E = re.compile(r"([aeiouy])([bcdfgklmnpstvz])e(s?)\$")  # 'lake', 'pines'
_LONGEST = max(map(len, _RULES))


def sound_out(word: str) -> tuple[str, ...]:
    """Phones of a word in small letters; letters beyond a to z are passed over."""
    rest = f"^{re.sub(r'[^a-z]', '', word)}$"
    rest = re.sub(r"([bcdfgklmnprstz])\1", r"\1", rest)  # 'tt' is one sound
    phones: list[str] = []
    at = 1
    while at < len(rest) - 1:
        if magic := _MAGIC_E.match(rest, at):
            soft = {"c": "S", "g": "JH"}.get(magic[2]) or _RULES[magic[2]]
            phones.extend([_LONG[magic[1]], soft, *(["Z"] if magic[3] else [])])
            break
        length, found = _longest_rule(rest, at)
        phones.extend(found.split())
        at += length
    return tuple(phones)


def _longest_rule(rest: str, at: int) -> tuple[int, str]:
    """How many letters the best rule takes at this place, and its phones."""
    for length in range(_LONGEST, 0, -1):
        letters = rest[at : at + length]
        begun = f"^{letters}"
        if at == 1 and begun in _RULES:
            return length, _RULES[begun]
        if letters in _RULES:
            return len(letters.rstrip("$")), _RULES[letters]
    return 1, ""
