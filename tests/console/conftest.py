"""A console over SQLite in a folder, people with sessions, and a stand-in chat service."""

import asyncio
import shutil
import wave
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher

from console.access import SESSION
from console.app import make_app
from console.live import LiveCommands
from core.conversation import Channel, Conversation, Event, EventKind, Role, Turn
from core.evaluation import Evaluation, Evidence, Finding, SentimentTrace, Verdict
from core.handoff import Holder
from core.people import Address, AddressKind, User, UserRole
from core.recording import ChannelLayout, Recording, RecordingState
from core.settings import Settings
from core.spans import TextSpan
from qa.cards import load_scorecard
from store import conversations, evaluations, handoffs, recordings, users
from store.database import Database, open_database
from store.files import StoredFiles, open_files
from tests.browser import chromium_page as chromium_page  # noqa: PLC0414 -- a fixture by its name
from tests.build import call

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # tests hash often
START = datetime(2026, 11, 21, 19, 43, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that a test moves."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def pass_seconds(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class ChatService:
    """Stands in for the live commands: remembers what it was told, answers as it was set."""

    secret: str = "live-secret"
    told: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    about: list[str] = field(default_factory=list)
    status: int = 200
    code: str = "conflict"
    message: str = ""
    then: Callable[[], Awaitable[None]] | None = None

    async def answer(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {self.secret}":
            return web.json_response({"error": {"code": "x", "message": "no"}}, status=401)
        self.told.append((request.match_info["command"], await request.json()))
        self.about.append(request.match_info["conversation"])
        if self.then is not None:
            await self.then()
        if self.status != 200:
            error = {"code": self.code, "message": self.message}
            return web.json_response({"error": error}, status=self.status)
        body = {"holder": "person", "version": 2, "held_by": self.told[-1][1]["user"]}
        return web.json_response(body)


Client = TestClient[web.Request, web.Application]


@dataclass
class House:
    """The console and everything a test looks at."""

    settings: Settings
    database: Database
    clock: Clock
    chat: ChatService
    server: TestServer
    people: dict[str, User]
    tokens: dict[str, str]
    csrf: dict[str, str]
    clients: list[Client] = field(default_factory=list)

    @property
    def files(self) -> StoredFiles:
        return open_files(self.settings)

    async def visitor(self, who: str = "") -> Client:
        """A browser, signed in as `who` when a name is given; it follows no redirect by itself."""
        client = Client(self.server)
        if who:
            client.session.cookie_jar.update_cookies(
                {SESSION: self.tokens[who]}, self.server.make_url("/")
            )
        self.clients.append(client)
        return client

    async def post(
        self, who: str, path: str, values: dict[str, str] | None = None, *, script: bool = False
    ) -> tuple[int, str, str]:
        """Send a form with its token; gives status, text and Location."""
        client = await self.visitor(who)
        form = {"csrf": self.csrf[who], **(values or {})}
        headers = {"Accept": "application/json"} if script else {}
        async with client.post(path, data=form, headers=headers, allow_redirects=False) as response:
            return response.status, await response.text(), response.headers.get("Location", "")

    async def get(self, who: str, path: str) -> tuple[int, str]:
        client = await self.visitor(who)
        async with client.get(path, allow_redirects=False) as response:
            return response.status, await response.text()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with all its tables; copying it is quicker than making it each time."""
    folder = tmp_path_factory.mktemp("migrated")

    async def make() -> None:
        await (await open_database(Settings(var=folder))).close()

    asyncio.run(make())
    return folder / "parley.db"


@pytest.fixture
def house_settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path, company="Acme", max_upload_mib=1)


@pytest.fixture
async def house(house_settings: Settings, tmp_path: Path, migrated: Path) -> AsyncIterator[House]:
    settings = house_settings
    shutil.copy(migrated, tmp_path / "parley.db")
    database = await open_database(settings)
    chat = ChatService()
    service = web.Application()
    service.router.add_post("/live/conversations/{conversation}/{command}", chat.answer)
    live_server = TestServer(service)
    await live_server.start_server()
    live = LiveCommands(str(live_server.make_url("/")), chat.secret)
    clock = Clock()
    server = TestServer(make_app(settings, database, live=live, hasher=CHEAP, now=clock))
    await server.start_server()
    made = House(settings, database, clock, chat, server, {}, {}, {})
    for name, roles in PEOPLE.items():
        await _hire(made, name, roles)
    yield made
    for client in made.clients:
        await client.close()
    await server.close()
    await live.close()
    await live_server.close()
    await database.close()


PEOPLE = {
    "olga": {UserRole.OWNER},
    "sam": {UserRole.SUPERVISOR},
    "ann": {UserRole.AGENT},
    "ben": {UserRole.AGENT},
}
PASSWORD = "a long enough password"


async def _hire(house: House, name: str, roles: set[UserRole]) -> None:
    async with house.database.writing() as session:
        user = await users.create(
            session, email=f"{name}@example.org", name=name.title(), roles=frozenset(roles)
        )
        await users.set_password_hash(session, user.id, CHEAP.hash(PASSWORD))
        token, csrf = await users.start_session(session, user.id, now=START, hours=24)
    house.people[name], house.tokens[name], house.csrf[name] = user, token, csrf


@pytest.fixture
async def call_id(house: House) -> str:
    """A scored call with its sound: nine seconds of a tone, words every 0.4 s."""
    return await store_call(house)


LINES = (
    ("agent", "Thank you for calling Acme, my name is Ann"),
    ("customer", "My lamp <b>broke</b> and nobody calls me back"),
    ("agent", "I am sorry to hear that"),
)


async def store_call(
    house: House,
    id: str = "call-1",
    *,
    layout: ChannelLayout = ChannelLayout.AGENT_CUSTOMER,
    **changes: object,
) -> str:
    spoken: Conversation = replace(
        call(*LINES, id=id),
        opened_at=START - timedelta(hours=2),
        closed_at=START - timedelta(hours=2) + timedelta(seconds=9),
        recording=f"r-{id}",
        engine="moonshine tiny-en",
        agent="Ann",
        variables={"company": "Acme"},
        events=(Event(EventKind.ROLES_SWAPPED, START, "Sam"),),
    )
    spoken = replace(spoken, **changes)  # type: ignore[arg-type] # fields of a conversation
    recording = Recording(
        id=f"r-{id}", sha256=f"{abs(hash(id)):064x}"[:64], name=f"{id}.wav",
        state=RecordingState.SCORED, received_at=START, layout=layout,
        duration=9.0, conversation=id,
    )  # fmt: skip
    write_tone(house.settings.recordings / f"r-{id}", 9.0)
    async with house.database.writing() as session:
        await conversations.add(session, spoken, now=START)
        await recordings.receive(session, recording)
        await evaluations.save(session, evaluation_of(spoken))
        await evaluations.ask(session, id)
        await evaluations.claim(session, id, worker="w", now=START, seconds=1)
        await evaluations.finish(session, id, worker="w")
    return id


def evaluation_of(spoken: Conversation) -> Evaluation:
    greeting = Evidence("t0", TextSpan(0, 26))  # Thank you for calling Acme
    findings = (
        Finding("greeting", Verdict.YES, 0.92, "the greeting names the company", (greeting,)),
        Finding("agent_name", Verdict.UNSURE, 0.5, "a name was heard",
                (Evidence("t0", TextSpan(28, 42)),)),
        Finding("identity_check", Verdict.NOT_APPLICABLE, 0.9, "no account details were given"),
        Finding("empathy", Verdict.NO, 0.7, "late", (Evidence("t2", TextSpan(5, 10)),)),
    )  # fmt: skip
    return Evaluation(
        id=f"e-{spoken.id}", conversation=spoken.id, scorecard="service",
        version=load_scorecard("service").version,
        findings=findings, made_at=START, score=62.5, failed=True,
        variables={"company": "Acme"},
        sentiment=SentimentTrace((("t1", -0.4),), -0.4, None, "vader-3.3.2"),
    )  # fmt: skip


def write_tone(path: Path, seconds: float, rate: int = 8000) -> None:
    """A quiet square wave, mono, 16 bits: sound that every browser plays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = b"\x00\x02" * 10 + b"\x00\xfe" * 10
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(half * int(seconds * rate / 20))


async def store_chat(
    house: House,
    id: str = "chat-1",
    *,
    holder: Holder = Holder.WAITING,
    agent: str | None = None,
    summary: str = "Wants to know where order HP-10442 is.",
    channel: Channel = Channel.WEB,
) -> str:
    """A chat that is still open, held by `holder`."""
    async with house.database.writing() as session:
        opened = await conversations.open_chat(
            session, channel, Address(AddressKind.WEB, id), now=START
        )
        for index, (role, text) in enumerate(
            (("customer", "where is my order"), ("bot", "Let me look <script>alert(1)</script>"))
        ):
            await conversations.append_turn(
                session, opened.id, Turn(f"x{index}", Role(role), text, START), now=START
            )
        if holder is not Holder.BOT:
            state = await handoffs.get(session, opened.id)
            state = await handoffs.move(
                session, state, Holder.WAITING, now=START,
                reason="asked_for_person", summary=summary,
            )  # fmt: skip
            if holder is Holder.PERSON:
                user = house.people[agent or "ann"].id
                await handoffs.move(
                    session, state, Holder.PERSON, now=START, agent=user, actor=user
                )
            if holder is Holder.CLOSED:
                await handoffs.move(session, state, Holder.CLOSED, now=START)
    return opened.id
