"""`parley doctor`: looks at everything Parley needs, and says what to do about what is off."""

import asyncio
import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

import typer
from pydantic_settings import DotEnvSettingsSource

from cli.backend import look_at_backend
from cli.house import look_for_demo
from cli.programs import BOT_MODEL, DOMAIN, RASA_PYTHON, ROOT, programs
from cli.run import is_free, is_healthy
from cli.supervision import Supervision
from cli.surveys import summary
from cli.telephony import look_at_twilio
from core.errors import BadSettings, ParleyError
from core.responses import check_responses
from core.settings import Settings, load_settings
from core.survey_file import load_survey_rules
from language.articles import load_articles
from language.encoder import find_folder, load_encoder
from qa.cards import load_scorecard
from speech.choice import choose_engine
from speech.voices.choice import choose_voices
from store import listing
from store.database import open_database
from store.files import open_files

RASA_VERSION = "3.6.21"
OTHER_PROGRAMS_READ = {"PARLEY_ACTIONS_URL"}  # Rasa, which reads no settings of ours
HTTP_PORTS = {"http": 80, "https": 443}
SMTP_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
REACH_SECONDS = 3.0  # a server of the same house answers in milliseconds
LIKE_A_SETTING = 0.85  # likeness of a name with a letter too many, or two changed places
LEAST_FREE_GIB = 2  # a day of calls in WAV on a small team, and the databases' own files


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: `mend` says what to do, and is empty when it is well."""

    what: str
    found: str
    mend: str = ""


def doctor() -> None:
    """Check environments, models, database, ports and disk; say what to do."""
    settings = load_settings()
    checks = list(examine(settings))
    for check in checks:
        typer.echo(f"{'off ' if check.mend else 'ok  '} {check.what:<12} {check.found}")
        if check.mend:
            typer.echo(f"{'':>18}→ {check.mend}")
    if any(check.mend for check in checks):
        raise typer.Exit(1)


def examine(settings: Settings) -> Iterator[Check]:
    """Every check, one after another."""
    yield from _settings()
    yield _python()
    yield _rasa()
    yield _bot(settings)
    yield _guarded("recogniser", lambda: choose_engine(settings).label)
    yield _guarded("encoder", lambda: _encoder(settings))
    yield _guarded("voices", lambda: choose_voices(settings).label)
    yield _guarded("scorecard", lambda: f"{load_scorecard(settings.scorecard).name}")
    articles = _guarded(
        "articles", lambda: f"{len(load_articles(settings.knowledge))} help articles"
    )
    yield articles
    if not articles.mend:
        yield from (Check(*found) for found in look_for_demo(settings))
    yield _guarded("words", lambda: f"{check_responses(DOMAIN)} responses of the bot")
    yield _guarded("surveys", lambda: summary(load_survey_rules(settings.surveys)))
    yield _guarded("database", lambda: asyncio.run(_database(settings)))
    yield _guarded("recordings", lambda: _recordings(settings))
    if settings.backend_url:
        reached = _reached("back end", settings.backend_url, "PARLEY_BACKEND_URL", HTTP_PORTS)
        yield reached if reached.mend else Check("back end", *look_at_backend(settings))
    if settings.smtp_url:
        yield _reached("mail", settings.smtp_url, "PARLEY_SMTP_URL", SMTP_PORTS)
    if settings.has_twilio:
        yield Check("twilio", *look_at_twilio(settings))
    yield _folder(settings)
    yield _disk(settings)
    yield from _ports(settings)


def _settings() -> Iterator[Check]:
    known = {f"PARLEY_{name}".upper() for name in Settings.model_fields} | OTHER_PROGRAMS_READ
    written = {name.upper(): " in .env" for name in DotEnvSettingsSource(Settings).env_vars}
    written |= dict.fromkeys(os.environ, "")
    for name, place in sorted(written.items()):
        if name.startswith("PARLEY_") and name not in known:
            meant = get_close_matches(name, known, n=1, cutoff=LIKE_A_SETTING)
            mend = "docs/settings.md lists them all"
            mend = f"{meant[0]} was meant? {mend}" if meant else mend
            yield Check("setting", f"{name}{place} is no setting", mend)


def _python() -> Check:
    found = "Python {}.{}.{}".format(*sys.version_info[:3])
    mend = "" if sys.version_info >= (3, 11) else "run `make app` with Python 3.11"
    return Check("app", found, mend)


def _rasa() -> Check:
    site = RASA_PYTHON.parent.parent / "lib"
    found = sorted(site.glob("python3.*/site-packages/rasa-[0-9]*.dist-info"))
    if not RASA_PYTHON.exists() or not found:
        return Check("rasa", "missing", "run `make rasa`")
    version = found[-1].name.removeprefix("rasa-").removesuffix(".dist-info")
    mend = "" if version == RASA_VERSION else f"run `make rasa` for {RASA_VERSION}"
    return Check("rasa", f"Rasa {version} in {RASA_PYTHON.parent.parent.name}", mend)


def _bot(settings: Settings) -> Check:
    model = settings.models / BOT_MODEL
    if not model.is_file():
        return Check("bot", "not trained", "run `make train`")
    sources = [ROOT / "config.yml", ROOT / "domain.yml", *(ROOT / "data").rglob("*.yml")]
    if any(source.stat().st_mtime > model.stat().st_mtime for source in sources):
        return Check("bot", f"{model} is older than its sources", "run `make train`")
    return Check("bot", str(model))


def _guarded(what: str, look: Callable[[], str]) -> Check:
    """What `look` finds; an error of ours says itself what to do."""
    try:
        return Check(what, look())
    except ParleyError as error:
        return Check(what, "off", str(error))


def _encoder(settings: Settings) -> str:
    folder = find_folder(settings.models, settings.encoder_model)
    load_encoder(folder)
    return str(folder)


async def _database(settings: Settings) -> str:
    database = await open_database(settings)
    try:
        async with database.reading() as session:
            count = (await listing.page(session, listing.Filter(), size=1)).total
        return f"{database.engine.dialect.name}, up to date, {count} conversations"
    finally:
        await database.close()


def _recordings(settings: Settings) -> str:
    """Where they are kept, when a file can be written, found and deleted there.

    Raises:
        BadSettings: what is deleted there can be got back.
        Unavailable: it does not work; the message says what to look at.
    """
    files = open_files(settings)
    files.try_out()
    if files.keeps_deleted():
        raise BadSettings(
            f"{settings.recordings_url} keeps older versions, so sound that was erased can be got "
            "back: turn versioning off, or let a rule of the bucket expire them"
        )
    where = settings.recordings_url or str(settings.recordings.resolve())
    return f"{where} can be written, read and deleted"


def _reached(what: str, url: str, setting: str, ports: Mapping[str, int]) -> Check:
    """Whether somebody listens where a setting points; its user and password are not shown."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or ports.get(parts.scheme)
    except ValueError:  # a port that is no number
        host, port = None, None
    if not host or port is None:
        begins = " or ".join(f"{scheme}://" for scheme in ports)
        return Check(what, f"{setting} is no address", f"write it with {begins}, host and port")
    try:
        socket.create_connection((host, port), timeout=REACH_SECONDS).close()
    except OSError as error:
        why = error.strerror or "no answer"
        return Check(
            what, f"{host}:{port} cannot be reached ({why})", f"start it, or mend {setting}"
        )
    return Check(what, f"{host}:{port} answers")


def _folder(settings: Settings) -> Check:
    var = settings.var.resolve()
    if os.access(var, os.W_OK | os.X_OK):
        return Check("folder", str(var))
    return Check(
        "folder", f"{var} cannot be written", "give this user the folder, or set PARLEY_VAR"
    )


def _disk(settings: Settings) -> Check:
    free = shutil.disk_usage(_existing(settings.var.resolve())).free / 2**30
    mend = "" if free >= LEAST_FREE_GIB else "make room, or set PARLEY_VAR to a larger disk"
    return Check("disk", f"{free:.0f} GiB free", mend)


def _existing(path: Path) -> Path:
    return path if path.exists() else _existing(path.parent)


def _ports(settings: Settings) -> Iterator[Check]:
    running = Supervision(settings).pid() is not None
    for program in programs(settings):
        if running:
            well = all(is_healthy(url) for url in program.health)
            log = Supervision(settings).log_of(program.name)
            mend = "" if well else f"it does not answer; look into {log}"
            yield Check(program.name, "running" if well else "not healthy", mend)
            continue
        for setting, port in program.ports.items():
            mend = "" if is_free(port) else f"end what listens there, or set {setting}"
            yield Check("port", f"{port} is {'taken' if mend else 'free'}", mend)
