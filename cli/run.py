"""`parley run` and `parley stop`."""

import asyncio
import socket
import time
import urllib.error
import urllib.request
from datetime import datetime

import typer
from rich.console import Console

from cli.programs import BOT_MODEL, DOMAIN, RASA_PYTHON, Program, programs, reached_at
from cli.supervision import Supervision
from console.first_run import base_url, owner_link
from core.errors import BadInput, Unavailable
from core.responses import check_responses
from core.settings import Settings, load_settings
from core.survey_file import load_survey_rules
from language.articles import load_articles
from speech.choice import choose_engine
from store import shop
from store.database import open_database

START_SECONDS = 300  # a cold Rasa takes 10 to 60 s, several times that on a busy machine
LOOK_SECONDS = 0.3
HOPELESS = frozenset({"FATAL", "EXITED", "UNKNOWN"})


def start() -> None:
    """Start everything, wait until it is healthy, print the addresses."""
    settings = load_settings()
    supervision = Supervision(settings)
    say = Console(soft_wrap=True, highlight=False)
    if supervision.pid() is not None:
        say.print("Parley is running already; `parley stop` ends it.")
        _print_addresses(settings, say, None)
        return
    wanted = programs(settings)
    check_ready(settings)
    check_ports(wanted)
    link = asyncio.run(_prepare(settings))
    supervision.start(wanted)
    try:
        _await_health(wanted, supervision, say)
    except (Unavailable, KeyboardInterrupt):
        supervision.stop()
        raise
    _print_addresses(settings, say, link)


def stop() -> None:
    """End everything that `parley run` started; nothing is lost."""
    stopped = Supervision(load_settings()).stop()
    typer.echo("Parley has stopped." if stopped else "Parley was not running.")


def check_ready(settings: Settings) -> None:
    """Raise BadInput, naming what mends it, when something is not set up or a file is wrong."""
    if not RASA_PYTHON.exists():
        raise BadInput("Rasa's environment is missing; make it with `make rasa`")
    if not (settings.models / BOT_MODEL).is_file():
        raise BadInput(f"no trained bot in {settings.models}; train it with `make train`")
    check_responses(DOMAIN)
    load_articles(settings.knowledge)
    load_survey_rules(settings.surveys)


def check_ports(wanted: tuple[Program, ...]) -> None:
    """Raise BadInput naming the first port that somebody else listens on."""
    for program in wanted:
        for setting, port in program.ports.items():
            if not is_free(port):
                raise BadInput(
                    f"port {port} is taken, and {program.name} needs it; "
                    f"end what listens there, or set {setting} to another"
                )


def is_free(port: int) -> bool:
    """Whether nobody listens on this port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def is_healthy(url: str) -> bool:
    """Whether the address answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 -- our own loopback
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


async def _prepare(settings: Settings) -> str | None:
    """Bring the database up to date, fill a demo shop that runs, make the owner's first link."""
    database = await open_database(settings)
    try:
        if not settings.backend_url:
            async with database.writing() as session:
                today = datetime.now(settings.zone).date()
                await shop.seed_demo(session, today=today, zone=settings.zone)
        return await owner_link(settings, database)
    finally:
        await database.close()


def _await_health(wanted: tuple[Program, ...], supervision: Supervision, say: Console) -> None:
    end = time.monotonic() + START_SECONDS
    waiting = {url: program.name for program in wanted for url in program.health}
    with say.status("Starting ...") as line:
        while True:
            waiting = {url: name for url, name in waiting.items() if not is_healthy(url)}
            states = supervision.states()
            for state in states:
                if state.state in HOPELESS:
                    raise _did_not_start(supervision, state.name)
            behind = sorted(
                {each.name for each in states if each.state != "RUNNING"} | set(waiting.values())
            )
            if states and not behind:
                return
            line.update(f"Starting {', '.join(behind)} ...")
            if time.monotonic() > end:
                raise _did_not_start(supervision, behind[0] if behind else "supervisor")
            time.sleep(LOOK_SECONDS)


def _did_not_start(supervision: Supervision, name: str) -> Unavailable:
    log = supervision.log_of(name)
    tail = log.read_text(errors="replace")[-1500:] if log.exists() else ""
    return Unavailable(f"{name} did not start; its log, {log}, ends with:\n{tail}")


def _print_addresses(settings: Settings, say: Console, link: str | None) -> None:
    say.print(f"Chat      http://{reached_at(settings)}:{settings.chat_port}/")
    say.print(f"Console   {base_url(settings)}/")
    say.print(f"Hears by  {choose_engine(settings).label}")
    say.print(f"Logs      {settings.var / 'log'}")
    if link:
        say.print(f"\nOpen this once, within a day, to become the owner:\n{link}")
    say.print("\n`make stop` (or `parley stop`) ends it.")
