"""All settings of Parley, read once by each program's main; docs/settings.md explains them.

Values come from the environment (prefix `PARLEY_`), then from `.env`, then the defaults here.
"""

import os
import re
import secrets
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from core.closed_days import ClosedDays, parse_closed_days
from core.conversation import CallDirection, Channel
from core.draw import Period
from core.errors import BadInput, BadSettings
from core.hosts import Host, is_twilios, parse_hosts
from core.hours import Hours, parse_hours
from core.inbox import MOST_AT_ONCE, RoutingWay
from core.messaging import name_number, parse_numbers
from core.number_shapes import EXAMPLES, OF_THE_DEMO, NumberShapes, parse_shape
from core.origins import parse_origins
from core.recording import ChannelLayout, FirstLeg
from core.task_names import TASK_NAMES, check_task_names

RECORDINGS_IN = ("s3", "s3a", "gs", "gcs", "az", "abfs", "file")
MOST_RASAS = 4  # beyond it the database of trackers, one file, is what turns wait for
LEAST_MEMORY = 4 * 2**30

Port = Annotated[int, Field(ge=1, le=65535)]


class Settings(BaseSettings):
    """One company's Parley; every path is relative to the folder it is started in."""

    model_config = SettingsConfigDict(
        env_prefix="PARLEY_", env_file=".env", extra="ignore", frozen=True
    )

    # the house
    company: str = "Harbour & Pine"
    timezone: str = "Europe/London"
    retention_days: Annotated[int, Field(ge=1)] = 90
    tasks: Annotated[tuple[str, ...], NoDecode] = ()  # all
    scorecard: str = "service"
    scorecard_variables: dict[str, str] = Field(default_factory=dict)

    # where things are
    var: Path = Path("var")
    models: Path = Path("models")
    knowledge: str = ""
    database_url: str = ""
    broker_url: str = ""
    tracker_url: str = ""
    recordings_url: str = ""
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    # addresses of the programs
    host: str = "127.0.0.1"
    chat_port: Port = 8080
    live_port: Port = 8081
    console_port: Port = 8090
    rasa_port: Port = 5005
    rasa_processes: Annotated[int, Field(ge=0, le=64)] = 0
    actions_port: Port = 5055
    public_url: str = ""
    chat_url: str = ""
    rasa_urls: Annotated[tuple[str, ...], NoDecode] = ()
    live_secret: str = ""
    address_secret: str = ""

    # conversations
    bot_timeout_seconds: Annotated[float, Field(gt=0)] = 15.0
    idle_close_minutes_web: Annotated[int, Field(ge=1)] = 30
    idle_close_minutes_messaging: Annotated[int, Field(ge=1)] = 1440
    max_message_characters: Annotated[int, Field(ge=100, le=4000)] = 2000
    survey: bool = True
    surveys: str = ""
    wait_limit_minutes: Annotated[int, Field(ge=1)] = 10
    reassure_minutes: Annotated[int, Field(ge=1)] = 3
    people_hours: str = ""
    shop_hours: str = "mon-sat 09:00-18:00, sun 10:00-16:00"
    shop_closed: str = "bank-holidays"
    escalation: bool = True
    # what an empty chat offers; said in the customer's name, so each is a sentence the bot knows
    openers: Annotated[tuple[str, ...], NoDecode] = ("Where is my order?", "When are you open?")
    widget_origins: Annotated[tuple[str, ...], NoDecode] = ()

    # WhatsApp, SMS and the telephone through Twilio
    twilio_account_sid: str = ""
    twilio_auth_token: str = Field(default="", repr=False, validate_default=True)
    twilio_api_url: str = ""
    twilio_timeout_seconds: Annotated[float, Field(gt=0)] = 10.0
    twilio_numbers: Annotated[tuple[str, ...], NoDecode] = ()
    twilio_template: str = ""
    twilio_template_variables: dict[str, str] = Field(default_factory=dict)
    twilio_help_text: str = ""
    twilio_media_mib: Annotated[int, Field(ge=1, le=100)] = 16

    # the agents' inbox
    routing: RoutingWay = RoutingWay.LEAST_BUSY
    offer_seconds: Annotated[int, Field(ge=5, le=600)] = 45
    agent_capacity: Annotated[int, Field(ge=1, le=MOST_AT_ONCE)] = 3
    away_seconds: Annotated[int, Field(ge=60, le=3600)] = 120
    max_picture_mib: Annotated[int, Field(ge=0, le=50)] = 5

    # the telephone
    phone_queue_number: str = ""
    phone_caller_id: str = ""
    phone_queue_limit: Annotated[int, Field(ge=1)] = 3
    phone_ring_seconds: Annotated[int, Field(ge=5, le=600)] = 30
    phone_voice: str = "Polly.Amy"
    phone_language: str = "en-GB"
    phone_notice: str = ""

    payment_url: str = ""
    payment_token: str = Field(default="", repr=False)

    # the shop's back end, and mail
    backend_url: str = ""
    backend_token: str = Field(default="", repr=False)
    backend_timeout_seconds: Annotated[float, Field(gt=0)] = 8.0
    backend_failures: Annotated[int, Field(ge=1)] = 5
    backend_rest_seconds: Annotated[float, Field(gt=0)] = 30.0
    order_number: str = EXAMPLES["order"]
    return_number: str = EXAMPLES["sent_back"]
    ticket_number: str = EXAMPLES["ticket"]
    fitting_number: str = EXAMPLES["visit"]
    smtp_url: str = Field(default="", repr=False)
    mail_from: str = "orders@harbourandpine.example"

    # understanding
    encoder_model: str = ""

    # speech
    asr_engine: Literal["auto", "faster-whisper", "moonshine", "http"] = "auto"
    asr_model: str = "small"
    asr_language: str = "en"
    asr_threads: Annotated[int, Field(ge=0)] = 0
    asr_url: str = ""
    asr_key: str = Field(default="", repr=False)
    asr_timeout_seconds: Annotated[float, Field(gt=0)] = 60.0
    vocabulary: Annotated[tuple[str, ...], NoDecode] = ()
    channels: ChannelLayout = ChannelLayout.AGENT_CUSTOMER
    inbound_first: FirstLeg = FirstLeg.CUSTOMER
    outbound_first: FirstLeg = FirstLeg.FIND
    diarization_model: str = ""
    speakers: Annotated[int, Field(ge=1, le=6)] = 2
    max_recording_hours: Annotated[float, Field(gt=0)] = 8.0
    max_upload_mib: Annotated[int, Field(ge=1)] = 1024
    ingest_hosts: str = ""
    ingest_timeout_seconds: Annotated[float, Field(gt=0)] = 600.0

    # work
    claim_seconds: Annotated[int, Field(ge=5)] = 120
    sweep_seconds: Annotated[int, Field(ge=1)] = 60
    max_attempts: Annotated[int, Field(ge=1)] = 3

    # reviews
    review_period: Period = Period.WEEK
    review_per_agent: Annotated[int, Field(ge=0, le=100)] = 2
    review_risks_per_agent: Annotated[int, Field(ge=0, le=100)] = 3
    review_new_agent_days: Annotated[int, Field(ge=0)] = 30
    dispute_days: Annotated[int, Field(ge=1, le=90)] = 7
    decision_days: Annotated[int, Field(ge=1, le=90)] = 3

    # console
    session_hours: Annotated[int, Field(ge=1)] = 12

    @field_validator("rasa_urls", mode="before")
    @classmethod
    def _split_urls(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
        return value

    @field_validator("widget_origins", mode="before")
    @classmethod
    def _sites(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return parse_origins(value)
        except BadInput as error:
            raise ValueError(str(error)) from error

    @field_validator("tasks", mode="before")
    @classmethod
    def _known_tasks(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        names = tuple(part.strip() for part in value.split(",") if part.strip())
        try:
            check_task_names(names)
        except BadInput as error:
            raise ValueError(str(error)) from error
        return names

    @field_validator("openers", "vocabulary", mode="before")
    @classmethod
    def _split_names(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(" ".join(part.split()) for part in value.split(",") if part.strip())
        return value

    @field_validator("asr_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError(f"{value!r} is no address of the web; it begins with https://")
        return value

    @field_validator("recordings_url")
    @classmethod
    def _recordings_kept(cls, value: str) -> str:
        scheme, _, rest = value.partition("://")
        if value and (scheme not in RECORDINGS_IN or not rest.strip("/")):
            known = ", ".join(f"{each}://" for each in RECORDINGS_IN)
            raise ValueError(
                "write it as s3://bucket/folder or file:///folder; recordings are kept in "
                f"{known} or, when it is empty, in PARLEY_VAR"
            )
        if scheme == "file" and not rest.startswith("/"):
            raise ValueError("a folder is written from the root on: file:///folder")
        user, at, _ = rest.partition("@")  # of Azure's addresses the user is the container
        if "?" in rest or "#" in rest or (at and ":" in user):
            raise ValueError(
                "passwords and options do not belong into it; they come from this machine's own "
                "settings of that storage"
            )
        return value.rstrip("/")

    @field_validator("payment_url")
    @classmethod
    def _safe_payment_url(cls, value: str) -> str:
        is_here = re.match(r"http://(?:127\.0\.0\.1|localhost)(?::\d+)?(?:/|\Z)", value)
        if value and value != "demo" and not is_here and not value.startswith("https://"):
            raise ValueError("cards go to an https:// address, to this machine, or to demo")
        return value.rstrip("/")

    @field_validator("shop_closed")
    @classmethod
    def _readable_closed_days(cls, value: str) -> str:
        try:
            parse_closed_days(value)
        except BadInput as error:
            raise ValueError(str(error)) from error
        return value

    @field_validator("people_hours", "shop_hours")
    @classmethod
    def _readable_hours(cls, value: str) -> str:
        try:
            parse_hours(value)
        except BadInput as error:
            raise ValueError(str(error)) from error
        return value

    @field_validator("order_number", "return_number", "ticket_number", "fitting_number")
    @classmethod
    def _readable_number(cls, value: str) -> str:
        try:
            parse_shape(value)
        except BadInput as error:
            raise ValueError(str(error)) from error
        return value

    @model_validator(mode="after")
    def _numbers_told_apart(self) -> "Settings":
        try:
            shapes = self.number_shapes
        except BadInput as error:
            raise ValueError(
                "PARLEY_ORDER_NUMBER, PARLEY_RETURN_NUMBER, PARLEY_TICKET_NUMBER, "
                f"PARLEY_FITTING_NUMBER: {error}"
            ) from error
        if not self.backend_url and not shapes.is_like(OF_THE_DEMO):
            raise ValueError(
                "PARLEY_BACKEND_URL: without it the embedded shop runs, whose numbers are "
                "HP-10442, R-30021, T-20017 and F-40006; set it, or leave PARLEY_ORDER_NUMBER "
                "and the other three as they are"
            )
        return self

    @field_validator("ingest_hosts")
    @classmethod
    def _exact_hosts(cls, value: str) -> str:
        try:
            parse_hosts(value)
        except BadInput as error:
            raise ValueError(str(error)) from error
        return value

    @field_validator("twilio_account_sid")
    @classmethod
    def _account(cls, value: str) -> str:
        if value and not re.fullmatch(r"AC[0-9a-fA-F]{32}", value):
            raise ValueError("an account SID of Twilio is AC and 32 hexadecimal digits")
        return value

    @field_validator("twilio_auth_token")
    @classmethod
    def _whole_twilio(cls, value: str, info: ValidationInfo) -> str:
        if bool(value) is not bool(info.data.get("twilio_account_sid", value)):
            raise ValueError("PARLEY_TWILIO_ACCOUNT_SID and this belong together; set both")
        chat = info.data.get("chat_url", "")
        if value and not chat.startswith(("https://", "http://")):
            raise ValueError("Twilio signs the address it calls; set PARLEY_CHAT_URL to it")
        return value

    @field_validator("twilio_api_url")
    @classmethod
    def _twilios_or_here(cls, value: str) -> str:
        if value and not is_twilios(value):
            raise ValueError(
                f"{value!r} is neither Twilio's nor this machine's; write https://api.twilio.com, "
                "https://api.dublin.ie1.twilio.com or http://127.0.0.1:PORT"
            )
        return value.rstrip("/")

    @field_validator("twilio_numbers", mode="before")
    @classmethod
    def _senders(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return parse_numbers(value)
        except BadInput as error:
            raise ValueError(str(error)) from error

    @field_validator("twilio_numbers")
    @classmethod
    def _numbers_of_an_account(
        cls, value: tuple[str, ...], info: ValidationInfo
    ) -> tuple[str, ...]:
        if value and not info.data.get("twilio_account_sid", value):
            raise ValueError("numbers belong to an account; set PARLEY_TWILIO_ACCOUNT_SID as well")
        return value

    @field_validator("twilio_template")
    @classmethod
    def _content(cls, value: str) -> str:
        if value and not re.fullmatch(r"HX[0-9a-fA-F]{32}", value):
            raise ValueError("a content SID of Twilio is HX and 32 hexadecimal digits")
        return value

    @field_validator("phone_queue_number", "phone_caller_id")
    @classmethod
    def _telephone_number(cls, value: str) -> str:
        if value and not re.fullmatch(r"\+[1-9]\d{6,14}", value):
            raise ValueError(f"{value!r} is no number with its country's code; +441632960100 is")
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"no time zone is called {value!r}; try Europe/London") from error
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which people read times."""
        return ZoneInfo(self.timezone)

    @property
    def database(self) -> str:
        """SQLAlchemy's async URL; by default SQLite in `var`."""
        return self.database_url or f"sqlite+aiosqlite:///{self.var / 'parley.db'}"

    @property
    def rasas(self) -> tuple[str, ...]:
        """Base URLs of the Rasa servers."""
        return self.rasa_urls or tuple(f"http://127.0.0.1:{port}" for port in self.rasa_ports)

    @property
    def rasa_ports(self) -> tuple[int, ...]:
        """Ports of this machine's own Rasa servers, from `rasa_port` upwards."""
        count = self.rasa_processes or _rasas_that_fit()
        return tuple(range(self.rasa_port, self.rasa_port + count))

    @property
    def live_url(self) -> str:
        """Base URL of the listener with the live commands."""
        return f"http://127.0.0.1:{self.live_port}"

    def is_our_number(self, channel: Channel, number: str) -> bool:
        """Whether we answer from this number: one of the named, or any where none is named."""
        return not self.twilio_numbers or name_number(channel, number) in self.twilio_numbers

    @property
    def has_twilio(self) -> bool:
        """Whether customers come through Twilio."""
        return bool(self.twilio_account_sid)

    @property
    def hours(self) -> Hours:
        """When people are at work, in the house's zone."""
        return parse_hours(self.people_hours)

    @property
    def shop_hours_of_week(self) -> Hours:
        """When the shop is open to customers, in the house's zone."""
        return parse_hours(self.shop_hours)

    @property
    def shop_closed_on(self) -> ClosedDays:
        """On which days it is closed all the same."""
        return parse_closed_days(self.shop_closed)

    @property
    def offered_tasks(self) -> frozenset[str]:
        """What the bot gets done in this house."""
        return frozenset(self.tasks) or TASK_NAMES

    @property
    def number_shapes(self) -> NumberShapes:
        """How the numbers look that customers are given."""
        return _shapes(
            self.order_number, self.ticket_number, self.return_number, self.fitting_number
        )

    def layout_of(self, direction: CallDirection) -> ChannelLayout:
        """Who is on which channel of a call by who rang whom, as this house's telephones record."""
        is_inbound = direction is CallDirection.INBOUND
        return (self.inbound_first if is_inbound else self.outbound_first).layout

    @property
    def hosts(self) -> tuple[Host, ...]:
        """From where recordings may be fetched."""
        return parse_hosts(self.ingest_hosts)

    @property
    def recordings(self) -> Path:
        """The folder in which recordings are kept, named by their id, unless `recordings_url` names
        another place; it then holds what is on its way.
        """
        return self.var / "recordings"

    @property
    def house_variables(self) -> dict[str, str]:
        """The words of the house that scorecards use."""
        return {"company": self.company, **self.scorecard_variables}

    @property
    def names_to_hear(self) -> tuple[str, ...]:
        """The names that recognisers should know: the company, products, agents."""
        return tuple(dict.fromkeys([self.company, *self.vocabulary]))

    @property
    def inbox(self) -> Path:
        """The watched folder."""
        return self.var / "inbox"


def _shapes(order: str, ticket: str, sent_back: str, visit: str) -> NumberShapes:
    return NumberShapes(
        parse_shape(order), parse_shape(ticket), parse_shape(sent_back), parse_shape(visit)
    )


def _rasas_that_fit() -> int:
    """One a core, at most four; a machine of less than 4 GiB has room for one.

    A Rasa process keeps one core busy and holds 0.4 GiB (benchmarks/bot); speech needs the rest.
    """
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    cores = len(os.sched_getaffinity(0))
    return min(cores, MOST_RASAS) if memory >= LEAST_MEMORY else 1


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        BadSettings: naming each setting that is wrong, and why.
    """
    try:
        return Settings()
    except ValidationError as error:
        lines = [_told(problem) for problem in error.errors()]
        raise BadSettings("; ".join(lines)) from error
    except SettingsError as error:  # a value that should be JSON and is not
        named = re.search(r'field "(\w+)"', str(error))
        name = f"PARLEY_{named[1].upper()}" if named else str(error)
        raise BadSettings(f"{name}: not JSON: {error.__cause__}") from error
    except UnicodeDecodeError as error:
        raise BadSettings(".env is not UTF-8 text; save it so") from error


def _told(problem: ErrorDetails) -> str:
    """What is wrong with which setting; what is wrong with several names them itself."""
    if not problem["loc"]:
        return str(problem["ctx"]["error"])
    return f"PARLEY_{'_'.join(map(str, problem['loc'])).upper()}: {problem['msg']}"


def make_var(settings: Settings) -> None:
    """Make the folder of everything that changes, for this user alone.

    Raises:
        BadSettings: it cannot be made.
    """
    try:
        settings.var.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadSettings(f"PARLEY_VAR: {settings.var} cannot be made: {error.strerror}") from error


def load_secret(settings: Settings, name: Literal["live", "address"]) -> str:
    """The secret from the settings, else from `var/<name>.secret`, made there at first run (0600).

    Two programs that start together agree: the file is created exclusively.
    """
    given = settings.live_secret if name == "live" else settings.address_secret
    if given:
        return given
    path = settings.var / f"{name}.secret"
    make_var(settings)
    if not path.exists():
        _create_secret(path)
    return path.read_text(encoding="ascii").strip()


def _create_secret(path: Path) -> None:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    draft.touch(mode=0o600, exist_ok=False)
    draft.write_text(secrets.token_urlsafe(32), encoding="ascii")
    try:
        path.hardlink_to(draft)  # fails when the other program was first, never overwrites
    except FileExistsError:
        pass
    finally:
        draft.unlink()
