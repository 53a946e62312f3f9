"""What an operator types: users, doctor, run's refusals, supervisor's file, exports."""

import asyncio
import json
import re
import socket
import stat
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from supervisor.options import ServerOptions

from cli.export import _time
from cli.ingest import _lines
from cli.main import COMMANDS
from cli.programs import environment, programs
from cli.run import check_ports
from cli.supervision import Supervision
from core.errors import BadInput, BadSettings
from core.exchange import from_exchange
from core.exchange_measures import measures_in
from core.exchange_reader import Reader
from core.measures import CallMeasures, Pitch, Tone, TonePoint, VoiceMeasures
from core.recording import Recording, RecordingState
from core.settings import Settings, load_secret
from core.spans import TimeSpan
from jobs.main import Outcome
from store import audit, conversations, recordings
from store.database import open_database
from tests.bucket import Bucket, refusing
from tests.build import call, turn
from tests.cli.shell import parley

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


def test_help_shows_every_command() -> None:
    done = parley(Path(), "--help")
    listed = re.findall(r"^  (\w+) ", done.out, flags=re.MULTILINE)
    assert listed == [name for name, place in COMMANDS.items() if not place.hidden]


def test_users_are_added_listed_linked_and_shut_out(tmp_path: Path) -> None:
    assert "Nobody yet" in parley(tmp_path, "user", "list").out
    added = parley(tmp_path, "user", "add", "ann@example.com", "--name", "Ann")
    assert re.search(r"once: http://127\.0\.0\.1:8090/link/\S{40,}", added.out)
    assert parley(tmp_path, "user", "add", "ann@example.com").status == 2
    again = parley(tmp_path, "user", "link", "ANN@example.com")
    assert "/link/" in again.out
    assert added.out != again.out
    assert parley(tmp_path, "user", "shut-out", "ann@example.com").status == 0
    assert "Ann  agent, shut out" in parley(tmp_path, "user", "list").out
    assert parley(tmp_path, "user", "let-in", "ann@example.com").status == 0
    assert (
        "returns, sofas"
        in parley(tmp_path, "user", "teams", "ann@example.com", "sofas", "returns").out
    )
    assert "Ann  agent, returns, sofas" in parley(tmp_path, "user", "list").out
    assert "in no team" in parley(tmp_path, "user", "teams", "ann@example.com").out
    assert parley(tmp_path, "user", "teams", "nobody@example.com").status == 2


def test_export_prints_the_exchange_format_and_is_audited(tmp_path: Path) -> None:
    whole = call(("agent", "hello there"), ("customer", "hello"))

    async def store() -> None:
        database = await open_database(Settings(var=tmp_path / "var"))
        async with database.writing() as session:
            await conversations.add(session, whole, now=NOW)
        await database.close()

    async def actions() -> list[str]:
        database = await open_database(Settings(var=tmp_path / "var"))
        async with database.reading() as session:
            rows = await audit.rows_of(session, whole.id)
        await database.close()
        return [row.action for row in rows]

    asyncio.run(store())
    done = parley(tmp_path, "export", whole.id, "--json")
    assert from_exchange(json.loads(done.out)) == whole
    assert "0:00.0  agent: hello there" in parley(tmp_path, "export", whole.id).out
    assert asyncio.run(actions()) == ["conversation.exported"] * 2
    scored = parley(tmp_path, "score", whole.id, "--json")
    assert json.loads(scored.out)["conversation"] == whole.id
    assert asyncio.run(actions())[-1] == "conversation.scored"


@pytest.mark.parametrize(
    ("start", "shown"),
    [(0.04, "0:00.0"), (59.94, "0:59.9"), (59.97, "1:00.0"), (3600.0, "60:00.0")],
)
def test_seconds_are_rounded_before_minutes_are_told(start: float, shown: str) -> None:
    assert _time(Settings(), turn("agent", "hello", start=start)) == shown


def test_a_pace_needs_some_seconds_of_speech() -> None:
    paces = [VoiceMeasures("a", seconds, 3, None, None).pace.value for seconds in (0.13, 4.9, 5.0)]
    assert paces == [None, None, pytest.approx(36.0)]


def test_notes_about_the_sound_are_printed(tmp_path: Path) -> None:
    measured = CallMeasures(60.0, 0.0, (), (), ())
    whole = replace(call(("agent", "hello")), recording="r1", measures=measured)
    note = "The file is damaged: it breaks at 15.0 s."
    sound = Recording(
        "r1", "a" * 64, "a.wav", RecordingState.SCORED, NOW, conversation=whole.id, notes=(note,)
    )

    async def store() -> None:
        database = await open_database(Settings(var=tmp_path / "var"))
        async with database.writing() as session:
            await recordings.receive(session, sound)
            await conversations.add(session, whole, now=NOW)
        await database.close()

    asyncio.run(store())
    for command in ("export", "measures"):
        assert f"\n  {note}\n" in parley(tmp_path, command, whole.id).out
        printed = json.loads(parley(tmp_path, command, whole.id, "--json").out)
        assert printed["notes"] == [note]


def test_ingest_prints_notes_below_the_line_of_the_file() -> None:
    outcome = Outcome(
        "a.wav", "c1", "r1", False, "parrot", "scored", None, notes=("Hard to hear.",)
    )
    first, second, third = _lines(
        Settings(), replace(outcome, ignored=("--agent Ben (stays Ann)",))
    )
    assert first.startswith("a.wav: scored, by parrot")
    assert second == "  Hard to hear."
    assert "Ignored, as the call is known: --agent Ben (stays Ann). Who is" in third


def test_measures_are_printed_with_their_denominators(tmp_path: Path) -> None:
    whole = call(("agent", "hello there"), ("customer", "hello"))
    point = TonePoint(TimeSpan(0, 10), Tone.RAISED, 6.5, 1.0, 5.0)
    measured = CallMeasures(
        duration=60.0,
        talk_over_seconds=3.0,
        dead_air=(TimeSpan(10, 20),),
        excluded=(TimeSpan(20, 30),),
        voices=(
            VoiceMeasures("channel 1", 30.0, 90, -20.0, Pitch(200, 150, 250), (), (point,)),
            VoiceMeasures("channel 2", 10.0, 0, None, None, (TimeSpan(5, 6),)),
        ),
    )

    async def store() -> None:
        database = await open_database(Settings(var=tmp_path / "var"))
        async with database.writing() as session:
            await conversations.add(session, replace(whole, measures=measured), now=NOW)
            await conversations.add(session, replace(whole, id="c2"), now=NOW)
        await database.close()

    asyncio.run(store())
    out = parley(tmp_path, "measures", whole.id).out
    for line in (
        "talk share of the agent    75 % (30 of 40 s)",
        "talk-over                  5 % (3 of 60 s)",
        "dead air                   20 % (10 of 50 s)",
        "channel 1 (agent)",
        "pace 180 words a minute of speech",
        "loudness −20.0 dBFS",
        "pitch 200 Hz, four fifths in 150 to 250 Hz",
        "tone: calm 0 % (0 of 1 stretches); raised 100 % (1 of 1 stretches)",
        "channel 2 (customer)\n    speaks 10.0 s, 0 words, interrupts 1×\n    pace 0 words",
    ):
        assert line in out
    printed = json.loads(parley(tmp_path, "measures", whole.id, "--json").out)
    assert printed["roles"] == {"channel 1": "agent", "channel 2": "customer"}
    assert measures_in(Reader(printed, "")) == measured
    assert parley(tmp_path, "measures", "c2").status == 2
    assert parley(tmp_path, "measures", "nobody").status == 2
    exported = json.loads(parley(tmp_path, "export", whole.id, "--json").out)
    assert from_exchange(exported).measures == measured


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--mute", "5-2"), "ends before it has begun"),
        (("--mute", "soon"), "is no span"),
        (("--mute-channel", "1"), "needs --mute"),
        (("--direction", "inbound", "--channels", "mono"), "give one of them"),
        (("b.wav", "--external-id", "crm-7"), "the id of one call"),
        (("", "--agent", "Ann"), "name is empty"),
        (("--opened-at", "yesterday"), "write 'yesterday' as 2026-11-30T14:05"),
        (("--opened-at", "2999-01-01T10:00"), "is still to come"),
        (("--opened-at", "2001-01-01T10:00+02:00"), "PARLEY_RETENTION_DAYS"),
    ],
)
def test_what_ingest_cannot_do_is_told_before_it_begins(
    tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    done = parley(tmp_path, "ingest", "call.wav", *words)
    assert (done.status, message in done.err) == (2, True)
    assert not (tmp_path / "var" / "parley.db").exists()


def test_wrong_settings_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_CHAT_PORT", "eighty")
    done = parley(tmp_path, "doctor")
    assert done.status == 2
    assert "PARLEY_CHAT_PORT" in done.err
    monkeypatch.setenv("PARLEY_SCORECARD_VARIABLES", "{bad")
    assert "PARLEY_SCORECARD_VARIABLES: not JSON: " in parley(tmp_path, "doctor").err


def test_doctor_says_how_a_databases_address_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_DATABASE_URL", "postgresql://host/parley")
    done = parley(tmp_path, "doctor")
    assert (done.status, "write it as postgresql+asyncpg://" in done.out) == (1, True)


def test_a_taken_port_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BadInput, match=rf"port {port} is taken.*PARLEY_CHAT_PORT"):
            check_ports(programs(Settings(chat_port=port)))


def test_doctor_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_MODELS", str(tmp_path / "nothing"))
    monkeypatch.setenv("PARLEY_COMPANI", "Acme")
    monkeypatch.setenv("PARLEY_NOTHING_LIKE_IT", "Acme")
    done = parley(tmp_path, "doctor")
    assert "PARLEY_COMPANI is no setting" in done.out
    assert "→ PARLEY_COMPANY was meant? docs/settings.md" in done.out
    assert "PARLEY_NOTHING_LIKE_IT is no setting\n                  → docs/settings.md" in done.out
    assert done.status == 1
    assert "→ run `make train`" in done.out
    assert "`parley models pull" in done.out
    assert "sqlite, up to date, 0 conversations" in done.out


@pytest.mark.parametrize(
    ("setting", "address", "told"),
    [
        (
            "PARLEY_SMTP_URL",
            "smtp://me:hush@127.0.0.1:{taken}",
            "ok   mail         127.0.0.1:{taken}",
        ),
        (
            "PARLEY_SMTP_URL",
            "smtp://me:hush@127.0.0.1:{free}",
            "off  mail         127.0.0.1:{free}",
        ),
        ("PARLEY_SMTP_URL", "smtp://me:hush@127.0.0.1:mail", "PARLEY_SMTP_URL is no address"),
        ("PARLEY_SMTP_URL", "mail.example", "PARLEY_SMTP_URL is no address"),
        ("PARLEY_BACKEND_URL", "http://127.0.0.1:{taken}/api", "the shop's back end is too slow"),
        ("PARLEY_BACKEND_URL", "http://127.0.0.1:{free}", "mend PARLEY_BACKEND_URL"),
        ("PARLEY_BACKEND_URL", "127.0.0.1:{taken}", "PARLEY_BACKEND_URL is no address"),
    ],
)
def test_doctor_looks_whether_the_servers_of_the_house_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, address: str, told: str
) -> None:
    with socket.socket() as listening, socket.socket() as closed:
        for one in (listening, closed):
            one.bind(("127.0.0.1", 0))
        listening.listen()
        monkeypatch.setenv("PARLEY_BACKEND_TIMEOUT_SECONDS", "0.2")
        ports = {"taken": listening.getsockname()[1], "free": closed.getsockname()[1]}
        monkeypatch.setenv(setting, address.format(**ports))
        out = parley(tmp_path, "doctor").out
    assert told.format(**ports) in out
    assert "hush" not in out


def test_doctor_tries_out_where_recordings_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bucket: Bucket
) -> None:
    where = tmp_path / "var" / "recordings"
    assert f"ok   recordings   {where} can be" in parley(tmp_path, "doctor").out
    monkeypatch.setenv("PARLEY_RECORDINGS_URL", bucket.url)
    assert f"ok   recordings   {bucket.url} can be" in parley(tmp_path, "doctor").out
    assert bucket.names() == []
    bucket.fail(refusing("403 Forbidden", "AccessDenied"), "PUT")
    out = parley(tmp_path, "doctor").out
    assert "off  recordings" in out
    assert f"→ {bucket.url}, where recordings are kept, cannot be used now (PermissionError)" in out
    bucket.mend()
    bucket.client().make_bucket_versioned(bucket.name)
    assert "can be got back: turn versioning off" in parley(tmp_path, "doctor").out


def test_doctor_reads_the_articles_and_the_names_in_env(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("PARLEY_COMPNY=Acme\nOTHER=1\nPARLEY_COMPANY=Acme\n")
    out = parley(tmp_path, "doctor").out
    assert "off  setting      PARLEY_COMPNY in .env is no setting" in out
    assert "→ PARLEY_COMPANY was meant? docs/settings.md" in out
    assert out.count("in .env is no setting") == 1
    assert "ok   articles" in out
    article = tmp_path / "own" / "meters.md"
    article.parent.mkdir()
    article.write_text("---\ntitle: Meters\n---\n")
    monkeypatch.setenv("PARLEY_KNOWLEDGE", "own")
    out = parley(tmp_path, "doctor").out
    assert "off  articles" in out
    assert "→ own/meters.md:" in out


def test_stop_without_run_is_no_error(tmp_path: Path) -> None:
    assert parley(tmp_path, "stop").out == "Parley was not running.\n"


def test_a_stale_pid_is_nobody(tmp_path: Path) -> None:
    supervision = Supervision(Settings(var=tmp_path))
    supervision.pid_file.write_text("1")
    assert supervision.pid() is None
    assert not supervision.stop()


def test_supervisor_reads_its_file_back_whatever_the_folder_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / 'half of a folder, "quoted"'
    folder.mkdir()
    monkeypatch.chdir(folder)
    settings = Settings(var=Path("var"), rasa_processes=2)
    supervision = Supervision(settings)
    supervision.var.mkdir()
    supervision.write(programs(settings))
    options = ServerOptions()
    options.realize(["-c", str(supervision.config)])
    names = [group.name for group in options.process_group_configs]
    assert names == ["actions", "rasa-1", "rasa-2", "web", "worker"]
    assert len(str(supervision.socket)) < 100
    worker = options.process_group_configs[-1].process_configs[0]
    assert worker.directory == str(folder)


@pytest.mark.parametrize("name", ["50%", "call #1", "a ;b"])
def test_folders_that_supervisor_cannot_be_told_are_refused(tmp_path: Path, name: str) -> None:
    settings = Settings(var=tmp_path / name)
    with pytest.raises(BadSettings, match="rename the folder"):
        Supervision(settings).write(programs(settings))


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),
        ("::", "[::1]"),
        ("192.168.1.7", "192.168.1.7"),
        ("fe80::1", "[fe80::1]"),
    ],
)
def test_health_is_asked_where_the_programs_listen(host: str, address: str) -> None:
    web = next(each for each in programs(Settings(host=host)) if each.name == "web")
    assert all(url.startswith(f"http://{address}:") for url in web.health)


@pytest.mark.parametrize("named", ["", "weights/encoder"])
def test_rasa_finds_the_encoder_where_the_settings_say(named: str) -> None:
    told = environment(Settings(models=Path("elsewhere"), encoder_model=named))
    assert told["PARLEY_MODELS"] == str(Path("elsewhere").resolve())
    assert told["PARLEY_ENCODER_MODEL"] == (str(Path(named).resolve()) if named else "")


def test_a_new_folder_is_this_users_alone(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path / "var")
    load_secret(settings, "live")
    assert stat.S_IMODE(settings.var.stat().st_mode) == 0o700


def test_procfile_lists_the_same_programs() -> None:
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    assert [line.split(":")[0] for line in lines] == [
        program.name for program in programs(Settings(rasa_processes=1))
    ]


@pytest.mark.parametrize(
    ("processes", "names", "ports"),
    [(1, ["rasa"], [6005]), (3, ["rasa-1", "rasa-2", "rasa-3"], [6005, 6006, 6007])],
)
def test_rasas_listen_one_above_the_other(
    processes: int, names: list[str], ports: list[int]
) -> None:
    settings = Settings(rasa_port=6005, rasa_processes=processes)
    rasas = [each for each in programs(settings) if each.name.startswith("rasa")]
    assert [each.name for each in rasas] == names
    assert [each.ports["PARLEY_RASA_PORT"] for each in rasas] == ports
    assert settings.rasas == tuple(f"http://127.0.0.1:{port}" for port in ports)


def test_a_taken_port_of_the_second_rasa_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings = Settings(rasa_port=port - 1, rasa_processes=2)
        rasas = tuple(each for each in programs(settings) if each.name == "rasa-2")
        with pytest.raises(BadInput, match=f"port {port} is taken, and rasa-2 .*PARLEY_RASA_PORT"):
            check_ports(rasas)


def test_setup_says_the_one_command_for_a_missing_python() -> None:
    done = subprocess.run(
        [str(ROOT / "setup" / "find-python.sh"), "3.99"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Parley needs Python 3.99" in done.stderr
    assert "Get it with:" in done.stderr
