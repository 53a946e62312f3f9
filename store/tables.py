"""The tables, one class each; docs/architecture.md draws how they hang together."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, MetaData, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.packed import NO_ANSWERS
from store.types import Moment, Personal

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables of Parley; a `datetime` is a `Moment`, a dict or list is JSON."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {datetime: Moment, dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012 -- SQLAlchemy's own form


def _of_conversation() -> Mapped[str]:
    return mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)


class CustomerRow(Base):
    """One person; `name` is what they call themselves, which nobody has checked."""

    __tablename__ = "customers"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str | None] = mapped_column(Personal)


class AddressRow(Base):
    """One address of a customer, found by its keyed hash."""

    __tablename__ = "addresses"
    hash: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str]
    value: Mapped[str] = mapped_column(Personal)


class ConversationRow(Base):
    """A conversation, who holds it from which turn on, and whether its score is due."""

    __tablename__ = "conversations"
    id: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    last_turn_at: Mapped[datetime | None]
    listed_at: Mapped[datetime] = mapped_column(index=True)
    language: Mapped[str | None]
    external_id: Mapped[str | None] = mapped_column(index=True)
    agent: Mapped[str | None] = mapped_column(Personal)
    customer: Mapped[str | None] = mapped_column(Personal)
    customer_id: Mapped[str | None] = mapped_column(
        ForeignKey("customers.id", ondelete="SET NULL"), index=True
    )
    recording_id: Mapped[str | None]
    engine: Mapped[str | None]
    previous_id: Mapped[str | None]
    variables: Mapped[dict[str, Any]]
    labels: Mapped[dict[str, Any]]
    holder: Mapped[str] = mapped_column(index=True)
    holder_since: Mapped[datetime]
    holder_from: Mapped[int] = mapped_column(default=0, server_default="0")
    version: Mapped[int] = mapped_column(default=1)
    held_by: Mapped[str | None] = mapped_column(index=True)
    handoff_reason: Mapped[str | None]
    handoff_summary: Mapped[str | None] = mapped_column(Personal)
    handoff_packet: Mapped[str | None] = mapped_column(Personal)
    handoff_priority: Mapped[int] = mapped_column(default=0, server_default="0")
    score_state: Mapped[str] = mapped_column(index=True)
    score_error: Mapped[str | None]
    attempts: Mapped[int] = mapped_column("score_attempts", default=0)
    scorecard: Mapped[str | None]
    claimed_by: Mapped[str | None]
    claimed_until: Mapped[datetime | None]
    queue: Mapped[str | None]
    direction: Mapped[str | None]


class TurnRow(Base):
    """One turn; `words` is JSON of the spoken words, `button_id` what was pressed for it.

    `replies_to` is the id of a turn of the same customer, in this conversation or an earlier one.
    """

    __tablename__ = "turns"
    __table_args__ = (UniqueConstraint("conversation_id", "position"),)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    role: Mapped[str]
    text: Mapped[str] = mapped_column(Personal)
    said_at: Mapped[datetime | None]
    author: Mapped[str | None] = mapped_column(Personal)
    agent_id: Mapped[str | None] = mapped_column(index=True)
    start: Mapped[float | None]
    end: Mapped[float | None]
    speaker: Mapped[str | None]
    words: Mapped[str | None] = mapped_column(Personal)
    button_id: Mapped[str | None]
    replies_to: Mapped[str | None]


class EventRow(Base):
    """Something that happened to a conversation."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_kind_at", "kind", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = _of_conversation()
    kind: Mapped[str]
    at: Mapped[datetime | None]
    actor: Mapped[str | None] = mapped_column(Personal)
    note: Mapped[str | None] = mapped_column(Personal)
    start: Mapped[float | None]
    end: Mapped[float | None]


class SearchTermRow(Base):
    """A word that occurs in a conversation, as its keyed hash."""

    __tablename__ = "search_terms"
    term: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class RecordingRow(Base):
    """A recording and how far it has come; the claim says which worker has it until when.

    `mutes` is JSON: start, end, channel or null of each.
    """

    __tablename__ = "recordings"
    id: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(Personal)
    state: Mapped[str] = mapped_column(index=True)
    received_at: Mapped[datetime]
    layout: Mapped[str | None]
    duration: Mapped[float | None]
    sample_rate_hz: Mapped[int | None]
    consent: Mapped[bool | None]
    delete_after: Mapped[datetime | None]
    conversation_id: Mapped[str | None] = mapped_column(index=True)
    agent: Mapped[str | None] = mapped_column(Personal)
    external_id: Mapped[str | None]
    scorecard: Mapped[str | None]
    variables: Mapped[dict[str, Any]]
    incomplete_at: Mapped[float | None]
    error: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None]
    claimed_until: Mapped[datetime | None]
    mutes: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    notes: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    quality: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    queue: Mapped[str | None]
    direction: Mapped[str | None]
    opened_at: Mapped[datetime | None]


class TranscriptRow(Base):
    """What the machine heard in a recording; `segments` is JSON."""

    __tablename__ = "transcripts"
    recording_id: Mapped[str] = mapped_column(
        ForeignKey("recordings.id", ondelete="CASCADE"), primary_key=True
    )
    engine: Mapped[str]
    model: Mapped[str]
    revision: Mapped[str]
    language: Mapped[str]
    segments: Mapped[str] = mapped_column(Personal)


class CallMeasuresRow(Base):
    """What was measured in a call's sound, as JSON; a voice's pitch is that person's alone."""

    __tablename__ = "call_measures"
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int]
    measures: Mapped[str] = mapped_column(Personal)


class EvaluationRow(Base):
    """A conversation judged by one version of a scorecard; findings and mood are JSON.

    `agent_key` says who is judged (store/agents.py); None: stored before that was kept. `answers`
    are the findings' answers without any words (core/packed.py), for reports.
    """

    __tablename__ = "evaluations"
    __table_args__ = (Index("ix_evaluations_latest", "conversation_id", "made_at"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = _of_conversation()
    scorecard: Mapped[str]
    version: Mapped[int]
    made_at: Mapped[datetime]
    score: Mapped[float | None]
    failed: Mapped[bool]
    source: Mapped[str]
    variables: Mapped[dict[str, Any]]
    mood: Mapped[float | None]
    mood_shift: Mapped[float | None]
    mood_model: Mapped[str]
    mood_turns: Mapped[list[Any]]
    findings: Mapped[str] = mapped_column(Personal)
    before_fatal: Mapped[float | None]
    critical: Mapped[float | None]
    not_scored: Mapped[str | None]
    agent_key: Mapped[str | None] = mapped_column(index=True)
    answers: Mapped[str] = mapped_column(Text, default=NO_ANSWERS, server_default=NO_ANSWERS)


class ScorecardRow(Base):
    """A version of a form as YAML; `digest` is of that text, and the text changes only in a draft.

    `file` says that it came from a file, and not from the console.
    """

    __tablename__ = "scorecards"
    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str]
    title: Mapped[str]
    yaml: Mapped[str] = mapped_column(Text)
    digest: Mapped[str]
    file: Mapped[str | None]
    made_by: Mapped[str | None]
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]


class SurveyInvitationRow(Base):
    """One offer to say how it went; `pending` is a reading that was read back and not confirmed."""

    __tablename__ = "survey_invitations"
    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = _of_conversation()
    kinds: Mapped[list[Any]]
    about: Mapped[str]
    offered_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    pending_kind: Mapped[str | None]
    pending_score: Mapped[int | None]
    pending_turn: Mapped[str | None]
    repeated: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")


class SurveyResponseRow(Base):
    """One answer; at most one to each question of an invitation."""

    __tablename__ = "survey_responses"
    __table_args__ = (UniqueConstraint("invitation_id", "kind"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    invitation_id: Mapped[str] = mapped_column(
        ForeignKey("survey_invitations.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str]
    answered_at: Mapped[datetime]
    score: Mapped[int | None]
    text: Mapped[str | None] = mapped_column(Personal)
    turn_id: Mapped[str | None]
    is_dismissed: Mapped[bool]


class OutboxRow(Base):
    """A turn on its way to the customer: written with the turn, then sent, retried, delivered."""

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("conversation_id", "turn_id"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = _of_conversation()
    turn_id: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    error: Mapped[str | None]
    next_at: Mapped[datetime | None]


class ButtonRow(Base):
    """A button that was shown under a turn: an opaque id for a payload we issued."""

    __tablename__ = "buttons"
    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = _of_conversation()
    turn_id: Mapped[str]
    position: Mapped[int]
    title: Mapped[str] = mapped_column(Personal)
    payload: Mapped[str] = mapped_column(Personal)


class OwedRow(Base):
    """A conversation that is closed or deleted here and still to be removed from Rasa."""

    __tablename__ = "owed"
    conversation_id: Mapped[str] = mapped_column(primary_key=True)
    tried_at: Mapped[datetime] = mapped_column(index=True)


class UserRow(Base):
    """A person at work."""

    __tablename__ = "users"
    id: Mapped[str] = mapped_column(primary_key=True)
    email_hash: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column(Personal)
    name: Mapped[str] = mapped_column(Personal)
    roles: Mapped[list[Any]]
    teams: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    is_active: Mapped[bool]
    password_hash: Mapped[str | None]


class SignInLinkRow(Base):
    """A one-time link to set a password; only the hash of its token is kept."""

    __tablename__ = "sign_in_links"
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SessionRow(Base):
    """A signed-in browser; only the hash of its token is kept."""

    __tablename__ = "sessions"
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    csrf: Mapped[str]
    expires_at: Mapped[datetime]
    seen_at: Mapped[datetime | None] = mapped_column(index=True)


class SignInFailureRow(Base):
    """A failed sign-in, by the keyed hash of what was tried and from where."""

    __tablename__ = "sign_in_failures"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime]


class AuditTable(Base):
    """Who read, listened, exported or changed what; append-only."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    detail: Mapped[str | None]


class ShopCustomerRow(Base):
    """Whom the embedded shop's orders belong to."""

    __tablename__ = "shop_customers"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Personal)
    email: Mapped[str | None] = mapped_column(Personal)
    phone: Mapped[str | None] = mapped_column(Personal)
    email_hash: Mapped[str | None] = mapped_column(index=True)


class OrderRow(Base):
    """An order of the embedded shop; `prices` are in pence, one for each of the items."""

    __tablename__ = "orders"
    number: Mapped[str] = mapped_column(primary_key=True)
    postcode: Mapped[str] = mapped_column(Personal)
    customer_name: Mapped[str] = mapped_column(Personal)
    items: Mapped[list[Any]]
    status: Mapped[str]
    ordered_on: Mapped[date]
    delivery_on: Mapped[date | None]
    slot: Mapped[str | None]
    customer: Mapped[str | None] = mapped_column(index=True)
    address: Mapped[str | None] = mapped_column(Personal)
    prices: Mapped[list[Any] | None]
    due: Mapped[int | None]  # pence that are open to be paid
    payments: Mapped[list[Any] | None]  # reference, pence, and when, of each


class ReturnRow(Base):
    """Items of an order on their way back."""

    __tablename__ = "returns"
    number: Mapped[str] = mapped_column(primary_key=True)
    order_number: Mapped[str] = mapped_column(index=True)
    items: Mapped[list[Any]]
    reason: Mapped[str] = mapped_column(Personal)
    state: Mapped[str]
    started_on: Mapped[date]
    amount_pence: Mapped[int]
    refunded_on: Mapped[date | None]


class FittingRow(Base):
    """A fitter's visit."""

    __tablename__ = "fittings"
    number: Mapped[str] = mapped_column(primary_key=True)
    order_number: Mapped[str] = mapped_column(index=True)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    is_cancelled: Mapped[bool]


class TicketRow(Base):
    """A matter that people of the shop work on."""

    __tablename__ = "tickets"
    number: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    state: Mapped[str]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    order_number: Mapped[str | None] = mapped_column(index=True)
    note: Mapped[str | None] = mapped_column(Personal)


class ShopCounterRow(Base):
    """The last number given to a kind of thing; a number is never given twice."""

    __tablename__ = "shop_counters"
    name: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


class ShopKeyRow(Base):
    """A change that was made, by its key, and what it gave: a repeated one gives it again."""

    __tablename__ = "shop_keys"
    operation: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    arguments: Mapped[str]
    result: Mapped[str] = mapped_column(Personal)
    at: Mapped[datetime] = mapped_column(index=True)


class VerificationRow(Base):
    """A conversation whose customer has shown that an order is theirs."""

    __tablename__ = "verifications"
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    order_number: Mapped[str] = mapped_column(primary_key=True)
    turn_id: Mapped[str]
    at: Mapped[datetime]
    shop_customer: Mapped[str | None]
    name: Mapped[str | None] = mapped_column(Personal)


class WrongTryRow(Base):
    """A wrong postcode, number or code, by whoever tried it."""

    __tablename__ = "wrong_tries"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    visitor: Mapped[str] = mapped_column(index=True)
    order_number: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(index=True)


class OneTimeCodeRow(Base):
    """A code that was sent to a customer; only its keyed hash is kept."""

    __tablename__ = "one_time_codes"
    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str]
    order_number: Mapped[str] = mapped_column(index=True)
    code_hash: Mapped[str]
    issued_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class CallBackRow(Base):
    """A promise to ring a customer; a draft while number, time or their yes are still missing."""

    __tablename__ = "call_backs"
    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = _of_conversation()
    state: Mapped[str] = mapped_column(index=True)
    asked_at: Mapped[datetime]
    phone: Mapped[str | None] = mapped_column(Personal)
    words: Mapped[str | None] = mapped_column(Personal)
    wanted_from: Mapped[datetime | None] = mapped_column(index=True)
    wanted_to: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None]


class AlertRow(Base):
    """Something a supervisor is to look at by a clock; one for each thing that is cited."""

    __tablename__ = "alerts"
    __table_args__ = (UniqueConstraint("cites", "cited_id"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = _of_conversation()
    kind: Mapped[str]
    cites: Mapped[str]
    cited_id: Mapped[str]
    turn_id: Mapped[str | None]
    raised_at: Mapped[datetime]
    due_at: Mapped[datetime]
    owner_id: Mapped[str | None]
    taken_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
    closed_by: Mapped[str | None]
    note: Mapped[str | None] = mapped_column(Personal)


class ArticleAnswerRow(Base):
    """A question that a help article answered (or none did), and whether it helped."""

    __tablename__ = "article_feedback"
    __table_args__ = (UniqueConstraint("conversation_id", "turn_id"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = _of_conversation()
    turn_id: Mapped[str]
    slug: Mapped[str | None]
    passage: Mapped[str | None]
    score: Mapped[float]
    helpful: Mapped[bool | None]
    at: Mapped[datetime] = mapped_column(index=True)


class AgentVoiceRow(Base):
    """An agent's voice as a vector: biometric data, kept with consent and until it is withdrawn."""

    __tablename__ = "agent_voices"
    __table_args__ = (UniqueConstraint("name_hash", "model"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    name_hash: Mapped[str]
    name: Mapped[str] = mapped_column(Personal)
    model: Mapped[str]
    vector: Mapped[str] = mapped_column(Personal)
    consented_at: Mapped[datetime]
