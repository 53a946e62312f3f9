"""A new example, chosen from a conversation: its turns, its seconds, and why it is good."""

from aiohttp import web

from console.context import Visit, see_other
from console.findings import SYMBOLS
from console.reading import check_not_blind
from console.transcript import speaker_of
from core.coaching import LONGEST_NOTE, LONGEST_SKILL
from core.conversation import Conversation
from core.errors import BadInput, NotFound
from core.evaluation import Evaluation
from core.example import LONGEST_TITLE, MOST_SECONDS, MOST_TURNS, Example
from core.ids import new_id
from core.spans import TimeSpan
from store import coaching, conversations, evaluations, examples

AROUND = 1  # turns on either side of the evidence that are offered with it: what was answered to


async def new_example_page(visit: Visit) -> web.StreamResponse:
    """The form; `question` names the finding whose evidence is offered."""
    return await _page(visit)


async def make_example(visit: Visit) -> web.StreamResponse:
    """Keep the example, unpublished; audited."""
    conversation_id = visit.part("conversation")
    try:
        async with visit.console.database.writing() as session:
            conversation = await conversations.get(session, conversation_id)
            example = Example(
                id=new_id(),
                conversation=conversation_id,
                first=_turn_at(conversation, visit.form.get("first", "")),
                last=_turn_at(conversation, visit.form.get("last", "")),
                span=_seconds(visit.form.get("start", ""), visit.form.get("end", "")),
                title=visit.form.get("title", "").strip(),
                skill=visit.form.get("skill", "").strip(),
                why=visit.form.get("why", "").strip(),
                made_by=visit.user.id,
                made_at=visit.console.now(),
            )
            await examples.add(session, example)
    except BadInput as error:
        if visit.wants_json:
            raise
        return await _page(visit, message=str(error))
    if visit.wants_json:
        return visit.data({"id": example.id}, status=201)
    return see_other(f"/examples/{example.id}")


async def _page(visit: Visit, *, message: str = "") -> web.Response:
    async with visit.console.database.reading() as session:
        conversation = await conversations.get(session, visit.part("conversation"))
        await check_not_blind(session, visit, conversation.id)
        evaluation = await evaluations.latest(session, conversation.id)
        skills = {*await coaching.skills(session), *await examples.skills(session)}
    if not conversation.turns:
        raise NotFound("Nothing was said in this conversation, so there is no example in it.")
    first, last = _offered(conversation, evaluation, visit.request.query.get("question", ""))
    return visit.page(
        "example_new.html",
        status=400 if message else 200,
        message=message,
        form=visit.form,
        conversation=conversation,
        turns=[
            (position, speaker_of(turn, conversation.agent), turn)
            for position, turn in enumerate(conversation.turns)
        ],
        first=visit.form.get("first", str(first)),
        last=visit.form.get("last", str(last)),
        skills=sorted(skills, key=str.casefold),
        symbols=SYMBOLS,
        most_seconds=int(MOST_SECONDS),
        most_turns=MOST_TURNS,
        longest_note=LONGEST_NOTE,
        longest_skill=LONGEST_SKILL,
        longest_title=LONGEST_TITLE,
    )


def _offered(
    conversation: Conversation, evaluation: Evaluation | None, question: str
) -> tuple[int, int]:
    """The places of the turns that a finding rests on, with one more on either side."""
    finding = evaluation.finding(question) if evaluation else None
    ids = [turn.id for turn in conversation.turns]
    places = [ids.index(one.turn) for one in finding.evidence if one.turn in ids] if finding else []
    if not places or max(places) - min(places) + 1 > MOST_TURNS - 2 * AROUND:
        return 0, min(AROUND, len(ids) - 1)
    return max(0, min(places) - AROUND), min(len(ids) - 1, max(places) + AROUND)


def _turn_at(conversation: Conversation, place: str) -> str:
    """The id of the turn at a place that the form named.

    Raises:
        BadInput: it is no place in this conversation.
    """
    if not place.isdecimal() or len(place) > 6 or int(place) >= len(conversation.turns):
        raise BadInput("Choose a first and a last turn of this conversation.")
    return conversation.turns[int(place)].id


def _seconds(start: str, end: str) -> TimeSpan | None:
    """The seconds that were typed; None when both fields are empty.

    Raises:
        BadInput: one is missing, or no number.
    """
    if not start.strip() and not end.strip():
        return None
    try:
        return TimeSpan(float(start), float(end))
    except ValueError as error:
        raise BadInput("Give both seconds as numbers such as 12.5, or neither.") from error
