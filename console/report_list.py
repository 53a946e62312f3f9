"""The conversations behind one number of a report."""

from aiohttp import web

from console import reporting
from console.context import Visit
from console.lists import shown_line
from console.report_filter import asked_of
from console.report_links import LIST, behind_of
from console.reporting import Scope
from console.reports import ANSWERS, narrowed
from core.judged import Behind
from store import blind, listing, reports, users
from store.listing import Filter


async def behind_page(visit: Visit) -> web.StreamResponse:
    """The conversations behind one number."""
    number = visit.request.query.get("page", "1")
    asked = asked_of(visit.request.query, visit.console.settings, now=visit.console.now())
    async with visit.console.database.reading() as session:
        scope = await reporting.scope_of(session, asked, reader=visit.user.id)
        behind = behind_of(scope, visit.request.query)
        hidden = await blind.blind_to(session, visit.user.id)
        page = await listing.page(
            session,
            Filter(behind=behind, blind=hidden),
            number=int(number) if number.isdecimal() and len(number) < 7 else 1,
        )
        everyone = await users.everyone(session)
        counted = await reports.counted(session, behind.wanted, [one.id for one in page.items])
    names = {user.id: user.name for user in everyone}
    if visit.wants_json:
        ids = [one.id for one in page.items]
        return visit.data({"conversations": ids, "page": page.number, "total": page.total})
    query = {key: value for key, value in visit.request.query.items() if key != "page"}
    return visit.page(
        "report_list.html",
        page=page,
        lines=[shown_line(summary, names) for summary in page.items],
        counted=counted if behind.counts_scores else None,
        is_blind=bool(hidden),
        sentence=_sentence(scope, behind, names),
        page_url=lambda place: scope.asked.url(LIST, **query, page=str(place)),
        report_url=scope.asked.url("/reports"),
    )


def _sentence(scope: Scope, behind: Behind, names: dict[str, str]) -> list[str]:
    """What the list shows, in a few words each."""
    asked = scope.asked
    parts = [
        f"{asked.window.first:%-d %b %Y} to {asked.window.last:%-d %b %Y}",
        f"{scope.wanted.scorecard}, version {scope.wanted.version}",
        ANSWERS[asked.answers],
        *narrowed(scope),
    ]
    if behind.wanted.queue == "":
        parts.append("no queue")
    if behind.verdict:
        parts.append(f"answered: {behind.verdict.replace('_', ' ')}")
    if behind.result:
        parts.append(behind.result.value)
    if behind.csat or behind.surveyed:
        parts.append(f"CSAT {behind.csat}" if behind.csat else "with a CSAT")
    if behind.disputed:
        parts.append(f"disputed in these days: {behind.disputed}")
    if behind.evaluator:
        parts.append(f"submitted by {names.get(behind.evaluator, 'somebody who is gone')}")
    if behind.blind_by:
        parts.append(f"scored blind by {names.get(behind.blind_by, 'somebody who is gone')}")
    return parts
