"""What people say that tells who is at work: phrases, and how much each speaks for or against.

English only. A weight is in log odds and was set by hand in three steps: plain (2), telling (1),
slight (0.5); benchmarks/speech "Roles" says how often they are right on 2,800 dialogues of people
that they were not taken from. Each clue counts once a voice, however often it is said.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

LANGUAGE = "en"
PLAIN, TELLING, SLIGHT = 2.0, 1.0, 0.5
COMPANY = 85.0  # rapidfuzz's likeness from which a misheard company name counts
OPENING = 25  # words of a voice in which its company is named, if it is named as one's own


@dataclass(frozen=True, slots=True)
class Clue:
    """A pattern over lower-case words, its weight (for an agent; below 0 for a customer)."""

    name: str
    weight: float
    pattern: re.Pattern[str]


def _clue(name: str, weight: float, *patterns: str) -> Clue:
    return Clue(name, weight, re.compile("|".join(rf"\b(?:{each})\b" for each in patterns)))


# Said by somebody about what another said: 'she said how can I help you'.
REPORTED = re.compile(r"\b(?:said|says|saying|asked|told me|was like|goes|answers|you say)\s*$")
REPORTED_WITHIN = 16  # characters before the phrase

_DETAIL = (
    r"(?:(?:full|first|last|sur)\s?)?name|(?:account|order|policy|phone|telephone|mobile|"
    r"reference|booking|customer|contact|confirmation|serial|tracking|card)? ?number|"
    r"date of birth|post ?code|zip(?: code)?|(?:e-?mail |billing |home )?address|e-?mail|"
    r"security (?:code|question)|pin|password|make and model|spelling"
)
AGENT = (
    _clue(
        "greets for a house",
        PLAIN,
        r"(?:thank you|thanks) (?:so much |very much )?for (?:calling|contacting|choosing|phoning|"
        r"ringing)(?! (?:me|us|my|back|again|in to))",
        r"you(?:'re| are) (?:through|speaking) (?:to|with)",
        r"welcome to",
        r"(?:this|it) is \w+ (?:from|with|at|calling from|speaking)",
        r"my name is \w+(?:,? and)? how",
        r"calling (?:from|on behalf of)(?! (?:home|work|my|a|the))",
    ),
    _clue(
        "offers help",
        PLAIN,
        r"how (?:can|may|could|might) (?:i|we) (?:help|assist|be of (?:help|assistance|service))"
        r"(?! (?:my|him|her|them|it|myself|with that))",
        r"what can (?:i|we) (?:do|help) (?:for |you)",
        r"(?:is there|was there|is that) (?:anything|something|any thing) (?:else )?"
        r"(?:(?:that )?(?:i|we) can|else)",
        r"anything else (?:i|we) can",
        r"(?:happy|glad|pleased) to (?:help|assist) you",
        r"(?:i|we) can (?:certainly |definitely )?help you (?:with|out)",
    ),
    _clue(
        "asks for particulars",
        PLAIN,
        rf"(?:can|could|may|might) (?:i|we) (?:just |please |also )?(?:have|get|take|grab|ask for|"
        rf"confirm|check|verify) (?:with you )?(?:your|the|a|an|which)? ?(?:\w+ )?(?:{_DETAIL})",
        rf"(?:what is|what's|what was|confirm|verify|provide|give me|tell me|have|spell) your "
        rf"(?:\w+ )?(?:{_DETAIL})",
        r"(?:can|could|would) you (?:please |just )?(?:spell|confirm|verify|provide)",
        r"for (?:security|verification|data protection)",
    ),
    _clue(
        "looks into a system",
        TELLING,
        r"(?:let me|i'll|i will|i'm going to|let's|i can) (?:just |go ahead and |quickly |also )*"
        r"(?:look|check|pull|bring|find|see) (?:that |it |this |your |you |up|into|on|for|what|if)",
        r"(?:in|on|from) (?:our|the|my) (?:system|records|screen|end|database|side)",
        r"i (?:can )?see (?:here|in our|on our|in the|on the|that you|you)",
        r"bear with me",
        r"one moment",
        r"(?:put|place|placing|putting) you on (?:a brief |a )?hold",
        r"(?:transfer|put|connect)(?:ring|ting)? you (?:to|through|over)",
    ),
    _clue(
        "speaks for the house",
        TELLING,
        r"(?:we|i) (?:do )?apologi[sz]e",
        r"(?:sorry|apologies) (?:for|about) (?:the|any|that|this|your|all the) (?:inconvenience|"
        r"delay|wait|trouble|confusion|experience|frustration)",
        r"(?:for|with) (?:holding|waiting|your patience|your business)",
        r"we(?:'d| would) (?:love|be happy|be glad) to",
        r"at no (?:extra |additional )?(?:cost|charge)",
        r"our (?:policy|team|engineers?|technicians?|warehouse|couriers?|department|records|"
        r"customers|website|store|warranty)",
        r"we (?:have|offer|can offer|can send|will send|'ll send|do have)",
        r"(?:i'll|i will|i've|i have|i can|we'll|we can) (?:just |go ahead and )?(?:send|sent|"
        r"issue|issued|book|booked|schedule|scheduled|refund|refunded|process|processed|arrange|cancel|"
        r"cancelled|update|updated|set up|get you) (?:you|that|it|your|this|a|an|the)",
        r"would you (?:like|prefer)",
        r"(?:calls?|line) (?:is|are|may be|will be|might be) (?:being )?(?:recorded|monitored)",
    ),
    _clue(
        "wishes a good day",
        SLIGHT,
        r"have a (?:great|nice|lovely|good|wonderful) (?:day|evening|afternoon|weekend|rest|one)",
    ),
    _clue(
        "speaks of the other's matter",
        SLIGHT,
        r"your (?:order|account|booking|appointment|policy|delivery|card|reservation|request|"
        r"vehicle|car|bill|payment|subscription|claim|flight|stay|room|refund)",
    ),
)
CUSTOMER = (
    _clue(
        "says why they call",
        -PLAIN,
        r"(?:i'm|i am|i was|i'm just|am) (?:calling|phoning|ringing|contacting you|"
        r"getting in touch)(?: \w+){0,2}? "
        r"(?:about|because|to|in|regarding|as|for|with|today)(?! confirm)",
        r"(?:thank you|thanks) for (?:calling|phoning|ringing) (?:me|us|back)",
        r"the reason (?:i'm|i am|for my) call",
        r"i(?:'ve| have)? (?:got|have|had) (?:a|an|this|some) (?:\w+ )?(?:problem|issue|question|"
        r"complaint|query)",
        r"(?:can|could|would) you (?:please )?help me",
        r"i (?:was|am|'m) (?:just )?(?:wondering|hoping|trying|looking) (?:if|to|for|whether)",
    ),
    _clue(
        "wants something",
        -TELLING,
        r"i(?:'d| would) (?:really |just )?(?:like|love|prefer|rather) (?:to|a|an|my|the)",
        r"i (?:just |really |still )?(?:want|wanted|need|needed) (?:to|a|an|my|the|you)",
        r"(?:can|could) i (?:speak|talk) (?:to|with)",
        r"(?:do|are|can|will|could|would|did) you (?:guys|people|all)",
        r"you guys",
    ),
    _clue(
        "tells of their own matter",
        -TELLING,
        r"i (?:recently |just )?(?:ordered|bought|purchased|received|returned|paid|never received|"
        r"(?:have not|haven't|didn't) (?:received?|got|get|gotten)|booked|signed up|was charged|"
        r"was told|got charged|called (?:before|yesterday|last)|spoke)",
        r"i got (?:a|an|my) (?:car|letter|bill|email|text|notice|package|parcel|call)",
        r"my (?:order|account|booking|appointment|policy|delivery|card|reservation|vehicle|car|"
        r"bill|payment|subscription|claim|flight|package|parcel|phone|internet|boss|husband|wife|"
        r"money|refund|last name|address|number|name's|email|phone number|date of birth|"
        r"account number|order number)",
    ),
    _clue(
        "is thankful for help",
        -SLIGHT,
        r"(?:thank you|thanks) (?:so much |very much )?for (?:your|all your|the) help",
        r"(?:that'd|that would|that'll) be (?:great|perfect|lovely|fine)",
        r"(?:no|nope),? that(?:'s| is|'ll be| will be) (?:it|all|everything)",
    ),
)


def clues_in(lines: Sequence[str], *, company: str = "") -> Iterator[Clue]:
    """Each clue that a voice's lines hold, once.

    Args:
        lines: what one voice said, in order.
        company: the house's name, as it is said on the telephone.
    """
    plain = [plain_words(line) for line in lines]
    for clue in (*AGENT, *CUSTOMER):
        if any(_says(clue, line) for line in plain):
            yield clue
    if company and _names_house(plain, company):
        yield Clue("names the house as their own", TELLING, re.compile(re.escape(company)))


def plain_words(line: str) -> str:
    """Lower case, one space between words, no marks but apostrophes and hyphens inside words."""
    straight = line.lower().replace("’", "'").replace("&", " and ")
    return " ".join(re.sub(r"[^\w\s'-]", " ", straight).split())


def _says(clue: Clue, line: str) -> bool:
    """Whether the line holds the clue, and not as what somebody else had said."""
    for found in clue.pattern.finditer(line):
        before = line[max(0, found.start() - REPORTED_WITHIN) : found.start()]
        if not REPORTED.search(before):
            return True
    return False


def _names_house(lines: Sequence[str], company: str) -> bool:
    """Whether the voice's first words name the company, heard well or nearly so."""
    opening = " ".join(" ".join(lines).split()[:OPENING])
    name = plain_words(company)
    return bool(opening) and bool(name) and fuzz.partial_ratio(name, opening) >= COMPANY
