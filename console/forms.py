"""Forms as they stand on disk: what a question of one version asks."""

from core.coaching import Aim
from core.errors import BadScorecard, NotFound
from core.scorecard import Scorecard
from qa.cards import load_scorecard


def find_form(name: str, version: int) -> Scorecard | None:
    """A scorecard at one version; None when that version is not at hand any more."""
    try:
        card = load_scorecard(name)
    except (NotFound, BadScorecard):
        return None
    return card if card.version == version else None


def question_text(aim: Aim) -> str:
    """The question as its form asks it; its id as words when the form is gone."""
    card = find_form(aim.scorecard, aim.version)
    question = card.question(aim.question) if card else None
    return question.text if question else aim.question.replace("_", " ")
