"""Whether a customer takes back what was said before: 'no, the 14th', 'I meant Wednesday'."""

import re

from language.values.found import level

_VALUE = (
    r"(?:\d|the(?:\s\w+){1,2}\Z|(?:the|at|on|in)\s(?:the\s)?(?:\d|\w+day|\w+th\b)|(?:mon|tues"
    r"|wednes|thurs|fri|satur|sun)day|tomorrow"
    r"|today|(?:one|two|three|four|five|six|seven|eight|nine|ten|oh|zero|double|triple)\b|next\s"
    r"|this\s|january|february|march|april|june|july|august|september|october|november|december"
    r"|[a-z]{1,2}\d|hp\b|half\s|quarter\s|after\s|before\s|morning|afternoon|evening"
    r"|not\s(?:the\s)?\w"
    r"|number\s)"
)
_QUESTION = re.compile(
    r"\?\s*\Z|\b(?:where|when|what|which|who|how|why)\b|\b(?:can|could|do|are|is)\s(?:you|i|we"
    r"|it)\b"
)
_PAUSE = r"[\s,.:;!-]{1,3}"
_TAKES_BACK = (
    r"(?:no+|nope|nah|sorry|oops|whoops|wait|hang on|hold on|correction|actually|scrap that"
    r"|my mistake|my bad|apologies|oh|ah|er+m?|um+|i mean|rather|no wait|wrong)"
)
# 'no, the 14th', 'sorry, 10538', 'actually the second one'
_OPENS = re.compile(
    rf"\A{_TAKES_BACK}(?:{_PAUSE}{_TAKES_BACK}){{0,3}}{_PAUSE}(?:(?:it'?s|it is|it should be"
    rf"|make it"
    rf"|i want|i'?d like|can we|let'?s say|that'?s|that is|use|take|try|put|i said)\s)?{_VALUE}"
)
_ONLY_FILLERS = re.compile(r"\A(?:oh|ah|er+m?|um+)\b")
_MEANT = re.compile(
    r"\bi (?:actually |really )?(?:meant|mean)\b(?! (?:it|that|to say that i)\b)"
    r"|\bmeant to (?:say|put"
    r"|type|write)\b|\bshould (?:be|have been|say|read)\b|\b(?:make|change) (?:it|that)(?: to)? \w"
    r"|\bi (?:typed|put|said|gave you|wrote) (?:it |that |the |my )?(?:\w+ )?wrong\b"
    rf"|\b(?:that'?s|that is|it'?s|was|is) (?:wrong|incorrect|a mistake)\b.{{0,20}}{_VALUE}"
)
# '10391 not 10392', 'Tuesday, not Monday', 'not Monday, Tuesday', 'Friday instead'
_CONTRAST = re.compile(
    r"(?:\d|\b\w+day\b|\bone\b)[^.?!]{0,12}\bnot (?:the )?(?:\d|\w+day\b|[a-z]{2}-?\d)"
    r"|\bnot (?:the )?(?:\d\w*|\w+day|first|second|third|last)(?: one)?,? (?:but )?(?:the )?"
    r"(?:\d|\w+day\b|first|second|third|last)"
    r"|(?:\d(?:st|nd|rd|th)?|\b\w+day|\bone|\b(?:morning|afternoon))(?: please)? instead\b"
)
_REACH = 200  # characters; a correction is a short remark


def is_correction(text: str) -> bool:
    """Whether `text` gives a value in place of an earlier one; a bare 'no' gives none."""
    plain = re.sub(r"\s+", " ", level(text[:_REACH])).strip(" .,!\"'")
    if _CONTRAST.search(plain) or _MEANT.search(plain):
        return True
    if _QUESTION.search(plain) or _ONLY_FILLERS.search(plain):
        return _after_fillers(plain)
    return _OPENS.search(plain) is not None


_NO_THEN = re.compile(
    r"\A(?:no+|nope|nah|wrong|that'?s wrong|(?:that'?s )?not (?:quite )?right)"
    rf"(?:{_PAUSE}{_TAKES_BACK})*{_PAUSE}"
    r"(?:(?:it'?s|it is|it should be|make it|i want|i said|i meant|i live|we live|use)\s)?"
    r"(?:at\s|on\s|in\s|to\s)?(?P<rest>.*)\Z"
)
_LIKE_A_VALUE = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty"
    r"|fifty|sixty|seventy|eighty|ninety|first|second|third|last)\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:street|road|lane|avenue|close|flat)\b"
)


def value_after_no(text: str) -> str | None:
    """What stands in place of what was read back: '43' of 'no, 43'; None when a no is only a no.

    'no, not today' and 'no, leave it' decline; what is like a number, a day or a street corrects.
    """
    plain = re.sub(r"\s+", " ", level(text[:_REACH])).strip(" .,!\"'")
    found = _NO_THEN.match(plain)
    rest = found["rest"] if found else ""
    if rest.startswith("not ") or _QUESTION.search(rest) or not _LIKE_A_VALUE.search(rest):
        return None
    return rest


def _after_fillers(plain: str) -> bool:
    """'um no, the 14th': what stands behind the hesitation decides."""
    rest = re.sub(r"\A(?:(?:oh|ah|er+m?|um+)\b[\s,.]*)+", "", plain)
    return rest != plain and not _QUESTION.search(rest) and _OPENS.search(rest) is not None
