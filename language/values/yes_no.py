"""Yes or no, in the words people use for it."""

import re

from language.values.found import level

_YES = (
    r"(?:yes+|yeah?|yea|yep|yup|ye|yh|aye|y|sure(?: thing)?|ok(?:ay)?|okey dokey|of course"
    r"|certainly|absolutely|definitely|indeed|correct|right|exactly|precisely|spot on|perfect|fine"
    r"|great|please do|go ahead|go on(?: then)?|do (?:it|that|so)|sounds? (?:good|great|fine|right)"
    r"|why not|(?:i|we) (?:think|guess|suppose|believe|hope) so|all ?right|alright|agreed"
    r"|confirm(?:ed)?|affirmative|by all means|true"
    r"|mm?[ -]?hmm?|uh[ -]?huh|no (?:problem|worries|objections?)|too right|[👍👌✅✔☑❤]"
    r"|(?:please|(?:i|we) (?:do|am|did|would|agree|confirm|have|can|will)|(?:it|that|this|they)"
    r" (?:is|does|was|are|do))(?=[ ,.!]*(?:$|[,.!]|yes|thanks|thank|please|indeed))"
    r"|(?:that'?s|that is|it'?s|it is|this is|they are|they're|all|that all)(?: all| absolutely"
    r"| quite)?"
    r" (?:right|correct|fine|good|ok(?:ay)?|perfect|great|true|it|me|the one|mine)"
    r"|(?:that|it|this) (?:works|suits me|looks (?:right|good|correct)|would be (?:good|great|fine"
    r"|lovely))|(?:i'd|i would) (?:like|love) (?:that|to|it)|fine by me|happy with that)"
)
_NO = (
    r"(?:no+|nope|nah|nay|n|never|negative|no thanks?|no thank you|not (?:really|now|today|at all"
    r"|yet"
    r"|quite|ok(?:ay)?|right|correct|good|true|that(?: one)?|at the moment|necessary|interested|me"
    r"|mine)|of course not|(?:definitely|certainly|absolutely|rather|please) not"
    r"|(?:please )?(?:don'?t"
    r"|do not)(?: do (?:it|that))?|no way|no need|wrong|incorrect|false|[👎❌✖🚫😡😠🤬😢😭]"
    r"|neither|none(?: of"
    r" (?:them|those|these))?"
    r"|(?:that'?s|that is|it'?s|it is|this is|they'?re) (?:all )?(?:wrong|incorrect|false"
    r"|not(?: \w+){1,3})|(?:that|it|this|they|those) (?:isn'?t|wasn'?t|doesn'?t|don'?t|aren'?t"
    r"|won'?t)"
    r"(?: \w+){0,3}|(?:i|we) (?:don'?t|do not|didn'?t|did not|haven'?t|can'?t|cannot|won'?t"
    r"|wouldn'?t)(?: \w+){0,3}|(?:i'd|i would)? ?rather not|i'?m (?:fine|good|all right"
    r"|alright),? no)"
)
_FILLER = (
    r"(?:um+|uh|er+m?|oh|ah|well|so|hmm+|hi|hello|sorry|thanks?(?: you)?(?: very much| a lot)?|ta"
    r"|cheers|please|then|mate|hell|love|now|very|much|really|just|that|it|is|and|i think|i guess"
    r"|actually"
    r"|go ahead|absolutely|definitely)"
)
_SEP = r"[\s,.!;:-]"
_LEAD = re.compile(rf"(?:{_FILLER}{_SEP}{{1,3}}){{0,4}}")
_SAYS_YES = re.compile(rf"{_YES}(?![\w'])(?!,? (?:not|no)\b)")
_SAYS_NO = re.compile(rf"{_NO}(?![\w'])")
_DOUBT = re.compile(
    r"\b(?:but|however|except|although|only if|unless|wait|instead|not sure|maybe|perhaps|depends"
    r"|don'?t know|or|where|what|when|how|who|which)\b|\?"
)
_UNKNOWING = re.compile(r"(?:i|we) (?:don'?t|do not) (?:know|mind|care|understand)\b")
_NO_DOUBT = frozenset({"no problem", "no worries", "no objection", "no objections"})
# 'wrong size', 'never used', 'no room', 'not good enough': what is the matter, and no answer
_FAULT = re.compile(
    r"(?:wrong|incorrect|false|never|negative)\s+(?!thanks?\b|thank\b|please\b|again\b|mind\b|one\b)[a-z]"
    r"|no\s+(?:room|space|use|good|longer|receipt|idea|clue|money|time|instructions?|box|screws?|legs?)\b"
    r"|not\s+(?:good enough|as\s|what\s|big enough|used|needed|working)"
)
_REACH = 200  # characters; a yes or a no stands at the beginning of an answer


def read_yes_no(text: str) -> bool | None:
    """True for yes, False for no, None for neither, for both, and for a yes with a but."""
    plain = re.sub(r"\s+", " ", level(text[:_REACH])).strip(" .,!;:-\"'")
    start = _lead_end(plain)
    no, yes = _SAYS_NO.match(plain, start), _SAYS_YES.match(plain, start)
    if _UNKNOWING.match(plain, start):
        return None
    if yes and yes[0] in _NO_DOUBT:
        no = None
    if no is not None and _names_a_fault(plain[start:]):
        return None
    if no is not None:
        rest = plain[no.end() :].strip(" ,.!;:-")
        return None if _begins(_SAYS_YES, rest) and not _is_courtesy(rest) else False
    if yes is None:
        return None
    rest = plain[yes.end() :].strip(" ,.!;:-")
    return None if _begins(_SAYS_NO, rest) or _DOUBT.search(rest) else True


def _names_a_fault(plain: str) -> bool:
    return _FAULT.match(plain) is not None


def _lead_end(plain: str) -> int:
    """Where the answer begins, behind 'um, well'; a yes that is also a filler is kept."""
    lead = _LEAD.match(plain)
    end = lead.end() if lead else 0
    return 0 if _SAYS_YES.match(plain) or _SAYS_NO.match(plain) else end


def _begins(pattern: re.Pattern[str], rest: str) -> bool:
    return pattern.match(rest, _lead_end(rest)) is not None


_COURTESY = re.compile(
    r"(?:that'?s|it'?s|i'?m|that is|it is) (?:fine|ok(?:ay)?|good|all ?right|great)"
)


def _is_courtesy(rest: str) -> bool:
    """'no thanks, that's fine' is a no."""
    return _COURTESY.match(rest, _lead_end(rest)) is not None
