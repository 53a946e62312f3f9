"""One question of the service scorecard, asked of a few lines of talk."""

from functools import cache

from core.conversation import Conversation
from core.evaluation import Finding
from core.scorecard import Scorecard
from language.pipeline import Pipeline
from language.sentiment import trace
from qa.cards import load_scorecard
from qa.rules.base import Case, passages_of
from qa.scoring import answer
from tests.build import call, chat

ROLES = {"A": "agent", "C": "customer", "B": "bot"}


@cache
def pipeline() -> Pipeline:
    """One for all tests: it keeps the compiled phrases."""
    return Pipeline()


@cache
def card() -> Scorecard:
    """The service scorecard."""
    return load_scorecard("service")


def find(talk: Conversation, question: str, company: str = "Northwind") -> Finding:
    """The finding of one question."""
    passages = passages_of(talk, pipeline())
    case = Case(talk, passages, pipeline(), {"company": company}, trace(talk))
    asked = next(one for one in card().questions if one.id == question)
    return answer(case, asked)


def verdict(lines: str, question: str, *, company: str = "Northwind", channel: str = "web") -> str:
    """The verdict on lines like 'A: hello / C: hi'; a line without a letter is the agent's."""
    pairs = []
    for line in lines.split(" / "):
        who, mark, words = line.partition(": ")
        pairs.append((ROLES[who], words) if mark and who in ROLES else ("agent", line))
    talk = call(*pairs) if channel == "voice" else chat(*pairs)
    return find(talk, question, company).verdict.value
