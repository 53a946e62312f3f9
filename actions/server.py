"""The action server: Rasa asks here for each action, on this machine only."""

import asyncio
import contextlib
import gc
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import ujson
import uvloop
from aiohttp import web
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionNotFoundException

from actions.backend import Backend
from actions.backends import open_backend
from actions.desk import DeskMaker
from actions.form import TaskForm
from actions.knowledge import Questions, open_library
from actions.opening import Opening
from actions.person import hand_off, leave_task
from actions.small_talk import SmallTalk
from actions.tasks import ALL
from core.errors import Unavailable
from core.settings import Settings, load_settings
from core.task_names import TASK_NAMES
from core.tasks import Tasks
from language.values import days
from language.values.references import use_shapes
from store.database import Database, open_database

LOOPBACK = "127.0.0.1"  # Rasa runs beside us; nobody else may ask
LAST_SECONDS = 5.0  # for what is still to be mailed at the end; supervisor waits ten
MAX_CALL_BYTES = 8 * 1024 * 1024  # a tracker's window of long messages is far below 1 MB

DATABASE: web.AppKey[Database] = web.AppKey("database", Database)
EXECUTOR: web.AppKey[ActionExecutor] = web.AppKey("executor", ActionExecutor)
OFFERED: web.AppKey[frozenset[str]] = web.AppKey("offered", frozenset)

Action = Callable[..., Awaitable[list[dict[str, Any]]]]

logger = logging.getLogger(__name__)


def actions(
    settings: Settings, database: Database, backend: Backend, tasks: Tasks
) -> dict[str, Action]:
    """Every action of domain.yml, by its name there; `tasks` runs what no answer waits for."""
    desks = DeskMaker(
        database,
        backend,
        settings.zone,
        hours=settings.hours,
        tasks=tasks,
        takes_cards=bool(settings.payment_url),
        takes_pictures=bool(settings.max_picture_mib),
    )
    open_desk = desks.open
    opening = Opening(settings.shop_hours_of_week, settings.shop_closed_on)
    offered = {name: task for name, task in ALL.items() if name in settings.offered_tasks}
    talk = SmallTalk(
        settings.company, settings.retention_days, open_desk, opening, frozenset(offered)
    )
    library = open_library(settings)
    questions = Questions(database, library, talk)
    return {
        "action_answer_no": questions.answer_no,
        "action_answer_question": questions.answer_question,
        "action_answer_yes": questions.answer_yes,
        "action_explain_bot": talk.explain_bot,
        "action_fallback": questions.fall_back,
        "action_greet": talk.greet,
        "action_handoff": hand_off,
        "action_leave_task": leave_task,
        "action_tell_hours": talk.tell_hours,
        "validate_task_form": TaskForm(offered, open_desk, library.find, opening).validate,
    }


def build_app(settings: Settings) -> web.Application:
    """The server; it opens the database when it starts and closes it when it ends."""

    async def serve_actions(app: web.Application) -> AsyncIterator[None]:
        # half of the CPU of an action that looks something up; none of ours holds a lock for long
        use_shapes(settings.number_shapes)
        database = await open_database(settings, inline=True)
        app[DATABASE] = database
        tasks = Tasks()
        async with open_backend(settings, database) as backend:
            days.load()  # a second, that no customer waits
            for name, run in actions(settings, database, backend, tasks).items():
                app[EXECUTOR].register_function(name, run)
            gc.collect()
            gc.freeze()  # modules, tables and articles stay for good: none is looked through again
            yield
            with contextlib.suppress(TimeoutError):  # a code that is on its way
                await asyncio.wait_for(tasks.finish(), LAST_SECONDS)
            await tasks.stop()
        await database.close()

    app = web.Application(middlewares=[failures_as_statuses], client_max_size=MAX_CALL_BYTES)
    app[EXECUTOR] = ActionExecutor()
    app[OFFERED] = settings.offered_tasks
    app.cleanup_ctx.append(serve_actions)
    app.router.add_post("/webhook", run_action)
    app.router.add_get("/health", health)
    return app


async def run_action(request: web.Request) -> web.Response:
    """Run the action that Rasa names."""
    call = ujson.loads(await request.read())
    call.setdefault("domain", {})  # Rasa leaves it out, since no action reads it
    _guess_only(call, request.app[OFFERED])
    logger.debug("conversation %s: %s", call.get("sender_id"), call.get("next_action"))
    async with request.app[DATABASE].looking():
        result = await request.app[EXECUTOR].run(call)
    if result is None:
        raise web.HTTPUnprocessableEntity(text="the call names no action")
    body = ujson.dumps({"events": result.events, "responses": result.responses})
    return web.Response(text=body, content_type="application/json")


def _guess_only(call: dict[str, Any], offered: frozenset[str]) -> None:
    """Leave out of what a message may mean the tasks that the house does not do."""
    latest = (call.get("tracker") or {}).get("latest_message") or {}
    names = TASK_NAMES - offered
    latest["intent_ranking"] = [
        entry for entry in latest.get("intent_ranking") or () if entry.get("name") not in names
    ]


async def health(_request: web.Request) -> web.Response:
    """Up, with the database open."""
    return web.json_response({"status": "ok"})


@web.middleware
async def failures_as_statuses(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """An exception becomes a status; never 400, which Rasa takes for a form that rejects."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except ActionNotFoundException as error:
        return _failure(404, error)
    except Unavailable as error:
        return _failure(503, error)
    except Exception as error:  # noqa: BLE001  # the outermost frame of a request
        return _failure(500, error)


def _failure(status: int, error: Exception) -> web.Response:
    """Name the exception by its type and place: its message may quote the customer."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else "?"
    logger.error("%s %s at %s", status, type(error).__name__, place)
    return web.json_response({"error": type(error).__name__}, status=status)


def speak(level: str) -> None:
    """Log our own from `level` on; libraries, which quote slots and statements, from warning on."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("actions").setLevel(level.upper())


def main() -> None:
    """Read the settings and serve."""
    settings = load_settings()
    speak(settings.log_level)
    web.run_app(
        build_app(settings),
        host=LOOPBACK,
        port=settings.actions_port,
        access_log=None,
        print=None,
        loop=uvloop.new_event_loop(),
    )
