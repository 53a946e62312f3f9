"""How a version of a scorecard may follow the one before: what was asked is not lost unnoticed."""

import hashlib

from core.errors import BadScorecard
from core.scorecard import Scorecard


def check_follows(new: Scorecard, before: Scorecard) -> None:
    """Raise BadScorecard unless each question of `before` is kept, renamed or dropped on purpose.

    Findings are kept by a question's id; one that is renamed without saying so would begin anew,
    with nothing of what is known about how often the machine is right.
    """
    where = f"{new.name} version {new.version}"
    if new.version <= before.version:
        raise BadScorecard(
            f"{where}: version: version {before.version} exists already; raise the number"
        )
    kept = {question.id for question in new.questions}
    known = {question.id for question in before.questions}
    renamed = {question.was: question.id for question in new.questions if question.was}
    for was, now in renamed.items():
        if was not in known:
            raise BadScorecard(f"{where}: {now}.was: version {before.version} has no {was}")
        if was in kept:
            raise BadScorecard(f"{where}: {now}.was: {was} is still a question of its own")
    missing = sorted(known - kept - set(renamed) - new.dropped)
    if missing:
        raise BadScorecard(
            f"{where}: question {missing[0]} of version {before.version} is gone; write "
            f"`was: {missing[0]}` at the question that takes its place, or list it under `dropped`"
        )
    idle = sorted(new.dropped - known)
    if idle:
        raise BadScorecard(f"{where}: dropped: version {before.version} has no {idle[0]}")


def digest_of(text: str) -> str:
    """What tells two texts of a form apart: SHA-256, hex."""
    return hashlib.sha256(text.encode()).hexdigest()
