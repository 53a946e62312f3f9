"""The page of alerts: what a supervisor is to look at, by when, and what was done about it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from console.context import Visit, see_other
from core.alert import Alert, AlertKind, Cited
from core.errors import BadInput
from core.survey import SCALES, SurveyResponse
from store import alerts, blind, surveys, users

LONGEST_NOTE = 1000  # characters; what was done about it, not its story

WHAT = {
    AlertKind.DETRACTOR: "A dissatisfied customer",
    AlertKind.UNANSWERED: "A customer waits too long",
    AlertKind.NOBODY_THERE: "A customer waits and nobody is there",
    AlertKind.FINDING: "A finding to look at",
    AlertKind.DISPUTE: "An agent disputes an answer",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One alert, ready to be shown; `link` leads to the turn that it cites."""

    alert: Alert
    what: str
    figure: str
    link: str
    owner: str | None
    closed_by: str | None
    is_mine: bool
    is_overdue: bool


async def alerts_page(visit: Visit) -> web.StreamResponse:
    """What is open, the most urgent first, then what was closed lately."""
    return await _page(visit)


async def take(visit: Visit) -> web.StreamResponse:
    """This person sees to it from now on; audited."""
    async with visit.console.database.writing() as session:
        await alerts.take(session, visit.part("alert"), visit.user, now=visit.console.now())
    return see_other("/alerts")


async def close(visit: Visit) -> web.StreamResponse:
    """It is seen to, and the note says how; audited."""
    note = visit.form.get("note", "")
    if len(note) > LONGEST_NOTE:
        raise BadInput(f"The note has {len(note):,} characters; {LONGEST_NOTE:,} are enough.")
    try:
        async with visit.console.database.writing() as session:
            await alerts.close(
                session, visit.part("alert"), visit.user, note=note, now=visit.console.now()
            )
    except BadInput as error:
        return await _page(visit, wrong=visit.part("alert"), message=str(error), status=400)
    return see_other("/alerts")


async def shown_alerts(
    session: AsyncSession, found: tuple[Alert, ...], visit: Visit
) -> tuple[Line, ...]:
    """Alerts with the score, the turn and the names that belong to them."""
    names = {user.id: user.name for user in await users.everyone(session)}
    cited = [alert.cites.id for alert in found if alert.cites.of is Cited.RESPONSE]
    scores = await surveys.responses_of(session, cited)
    places = await alerts.places(session, found)
    return tuple(
        Line(
            alert=alert,
            what=WHAT[alert.kind],
            figure=_figure(scores.get(alert.cites.id)) or _question(alert),
            link=_link(alert, places.get(alert.id)),
            owner=names.get(alert.owner or ""),
            closed_by=names.get(alert.closed_by or ""),
            is_mine=alert.owner == visit.user.id and alert.taken_at is not None,
            is_overdue=alert.is_overdue(visit.console.now()),
        )
        for alert in found
    )


def without_findings(found: tuple[Alert, ...], blind: Collection[str]) -> tuple[Alert, ...]:
    """Leave out what would tell a person how the machine scored what they score blind."""
    return tuple(
        each
        for each in found
        if each.cites.of is not Cited.FINDING or each.conversation not in blind
    )


async def _page(
    visit: Visit, *, wrong: str = "", message: str = "", status: int = 200
) -> web.Response:
    async with visit.console.database.reading() as session:
        hidden = await blind.blind_to(session, visit.user.id)
        still = without_findings(await alerts.open_alerts(session), hidden)
        done = without_findings(await alerts.closed_alerts(session), hidden)
        values: dict[str, Any] = {
            "waiting": await shown_alerts(session, still, visit),
            "done": await shown_alerts(session, done, visit),
        }
    return visit.page(
        "alerts.html", status=status, wrong=wrong, message=message, note=visit.form.get("note", ""),
        longest_note=LONGEST_NOTE, **values,
    )  # fmt: skip


def _figure(response: SurveyResponse | None) -> str:
    """The score of an answer, such as 'CSAT 2 (1 to 5)'; empty for what has none."""
    if response is None or response.score is None:
        return ""
    low, high = SCALES[response.kind]
    return f"{response.kind.upper()} {response.score} ({low} to {high})"


def _question(alert: Alert) -> str:
    """The question whose answer is to be looked at, in words; empty for other alerts."""
    if alert.cites.of is not Cited.FINDING:
        return ""
    return alert.cites.id.rpartition(":")[2].replace("_", " ")


def _link(alert: Alert, place: int | None) -> str:
    if alert.cites.of is Cited.DISPUTE and alert.is_open:
        return f"/disputes/{alert.cites.id}"
    turn = "" if place is None else f"#turn-{place}"
    return f"/conversations/{alert.conversation}{turn}"
