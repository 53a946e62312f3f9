"""What an agent says and what a customer says: the cues by which a voice's role is found.

A weight is the natural logarithm of how much likelier an agent gives the cue in a conversation
than a customer; below 0 it is the customer's. Where the public dialogues have the cue the weight
was counted there (benchmarks/speech/README.md, "Who is the agent") and cut off at 3, for people do
say odd things; `COUNTED` False marks the telephone's own, which no dialogue there has.
"""

import re
from dataclasses import dataclass
from typing import TypeAlias

COMPANY = "COMPANY"  # stands for the name of the house
_DATUM = (
    "name|number|postcode|post code|zip|address|e-?mail|date of birth|birthday|phone|account|"
    "order|security|pin|code|reference|model|registration|plate|card"
)
_OWN = (
    "order|car|account|bill|phone|package|parcel|delivery|sofa|lamp|card|appointment|booking|"
    "reservation|subscription|internet|bank|money|refund|truck|van|vehicle|house|policy|flight|"
    "doctor|apartment"
)


@dataclass(frozen=True, slots=True)
class Cue:
    """What people call it, its weight, and its patterns over lower-case words."""

    name: str
    weight: float
    patterns: tuple[str, ...]
    opening: bool = False  # counts in a voice's first turns alone
    counted: bool = True


Compiled: TypeAlias = tuple[tuple[Cue, re.Pattern[str]], ...]

CUES = (
    Cue(
        "greets with the company",
        3.0,
        (
            rf"\b(thanks?( you)? for calling|welcome to|you('re| are) through to|this is|"
            rf"you('ve| have) reached|speaking (to|with))\b.{{0,40}}\b{COMPANY}\b",
            rf"\b{COMPANY}\b.{{0,40}}\b(how|my name|speaking|this is)\b",
        ),
        opening=True,
        counted=False,
    ),
    Cue(
        "thanks for the call",
        3.0,
        (
            r"\bthank(s| you)( very much| so much)? for (calling|contacting|holding|waiting|"
            r"your patience|your call)\b(?! (me|us|my|back)\b)",
        ),
        counted=False,
    ),
    Cue(
        "speaks of the recording",
        3.0,
        (
            r"\bcalls? (may be|is|are|is being|will be) (recorded|monitored)\b",
            r"\b(training|quality) purposes\b",
        ),
        counted=False,
    ),
    Cue(
        "gives their name and asks",
        2.0,
        (r"\bmy name('s| is) \w+,?( and)? (how|what|may|can)\b", r"\b\w+ speaking\b"),
        opening=True,
        counted=False,
    ),
    Cue(
        "offers help",
        3.0,
        (
            r"\bhow (can|may|could|might) (i|we) (be of )?(help|assist|service)\b"
            r"(?! (my|her|him|them|it|myself)\b)",
            r"\bwhat can (i|we) (do for|help) you\b",
            r"\bhow (can|may) i direct\b",
        ),
    ),
    Cue(
        "offers more help",
        3.0,
        (
            r"\b(anything|something|what) else (that )?"
            r"((i|we) (can|could|may)|can (i|we)|you need)",
            r"\banything else( today)?\?",
        ),
    ),
    Cue(
        "asks for a particular",
        3.0,
        (
            r"\b(can|could|may|might|would|will) (i|you|we)( please| just| also| kindly)? "
            r"(get|have|take|tell me|give me|provide|confirm|verify|spell|read|repeat)\b"
            rf".{{0,50}}\b({_DATUM})\b",
            r"\bplease (provide|confirm|specify|enter|verify|spell)\b",
            r"\b(may|can|could) i (ask|please have|have|get|take) your\b",
        ),
    ),
    Cue(
        "asks what a particular is",
        2.5,
        (rf"\bwhat('s| is| was| are) (your|the)( \w+){{0,3}} ({_DATUM})\b",),
    ),
    Cue(
        "says sorry for the trouble",
        1.4,
        (
            r"\b(sorry|apologi[sz]e)\b.{0,30}\b(inconvenience|to hear|trouble|delay|wait|"
            r"about that)\b",
        ),
    ),
    Cue(
        "looks it up",
        1.5,
        (
            r"\blet me (just )?(check|look|see|pull|find|bring|verify|transfer|put you)\b",
            r"\bi('ll| will| am going to|'m going to) (just )?"
            r"(check|look (that|it|this) up|pull up|transfer|put you|schedule|send you)\b",
            r"\b(bear with me|hold the line|stay on the line|one moment please)\b",
        ),
        counted=False,
    ),
    Cue(
        "speaks for the house",
        1.0,
        (
            r"\bwe (offer|open|close|charge|deliver|can offer|do have|are open|currently)\b",
            r"\bour (system|records|policy|team|technicians?|engineers?|warranty|next available)\b",
        ),
        counted=False,
    ),
    Cue(
        "says why they ring",
        -3.0,
        (
            r"\bi('m| am| was) (just )?(calling|ringing|phoning|looking for|trying to|wondering)\b",
            r"\bi(('d| would) like|'m hoping| want(ed)?) to\b",
            r"\bi need (to|a|an|some|help)\b",
            r"\bi have a (question|problem|complaint)\b",
        ),
    ),
    Cue("speaks of their own things", -3.0, (rf"\bmy ({_OWN})\b",)),
    Cue(
        "tells what went wrong",
        -1.0,
        (
            r"\b(it|they|he|she|nobody|this|that) (just |still )?(broke|stopped|won't|doesn't|"
            r"does not|didn't|did not|hasn't|has not|never|keeps)\b",
            r"\b(it|they|this|that) (is|was|isn't|wasn't) (broken|late|damaged|missing|wrong)\b",
        ),
    ),
    Cue(
        "asks whether the other can",
        -0.6,
        (
            r"\b(can|could|would) you (please )?(help me|check|send me|change|cancel|book|look)\b",
            r"\bdo you (have|guys|offer|know|sell)\b",
            r"\bhow much (is|does|would|will)\b",
        ),
    ),
)


def compiled(company: str) -> Compiled:
    """The cues ready for use; without a company its own cue is left out."""
    words = [word for word in re.findall(r"\w+", company.lower()) if word != "and"]
    name = r"\W+(and\W+)?".join(re.escape(word) for word in words)
    return tuple(
        (cue, re.compile("|".join(f"({p.replace(COMPANY, name)})" for p in cue.patterns)))
        for cue in CUES
        if name or COMPANY not in cue.patterns[0]
    )
