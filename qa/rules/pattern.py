"""Regular expressions, for what has a form rather than a wording: case numbers, web addresses.

RE2 reads them in time that grows with the text alone, so no pattern brings scoring to a halt.
Source: https://github.com/google/re2/wiki/Syntax.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import re2  # type: ignore[import-untyped]  # ships no types

from core.conversation import Role
from core.errors import BadInput
from core.evaluation import Finding
from core.scorecard import Question
from core.spans import TextSpan
from qa.rules.base import EXACT, Case, Passage, no, texts, unsure, window_evidence, yes
from qa.rules.phrase import window


def answer_pattern(case: Case, question: Question) -> Finding:
    """Yes when a pattern is found in the window; with `wanted: absent`, when none is."""
    searched = window(case, question)
    if not searched:
        return unsure(question, None, "there were no words in the part to search")
    found = tuple(find_patterns(searched, texts(question, "patterns")))
    if question.options.get("wanted", "present") == "absent":
        if found:
            everywhere = [piece for one, span in found for piece in one.evidence(span)]
            return no(question, 1 - EXACT, "found what must not be said", everywhere)
        evidence = window_evidence(searched)
        return yes(question, 1 - case.absent, "nothing of the kind was found", evidence)
    if found:
        said = Role(str(question.options.get("by", Role.AGENT.value)))
        passage, span = found[0]
        return yes(question, EXACT, f"found in the {said}'s words", passage.evidence(span))
    return no(question, case.absent, "not found in the words searched", window_evidence(searched))


def find_patterns(
    passages: Sequence[Passage], patterns: Sequence[str]
) -> Iterator[tuple[Passage, TextSpan]]:
    """Where a pattern stands, in the order of the conversation; matches of nothing are left out."""
    for passage in passages:
        for pattern in patterns:
            for match in compile_pattern(pattern).finditer(passage.reading.text):
                if match.end() > match.start():
                    yield passage, TextSpan(match.start(), match.end())


@cache
def compile_pattern(pattern: str) -> Any:
    """The pattern compiled, upper and lower case alike.

    Raises:
        BadInput: it is no regular expression, or one that only backtracking could read.
    """
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        raise BadInput(f"pattern {pattern!r} cannot be read: {_told(error)}") from error


def _told(error: Exception) -> str:
    given = error.args[0] if error.args else error
    return given.decode() if isinstance(given, bytes) else str(given)
