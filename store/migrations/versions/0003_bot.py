"""What the bot needs beside its turns: packets, call-backs, alerts, a shop, identity checks."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("conversations", sa.Column("handoff_packet", sa.Text(), nullable=True))
    op.add_column(
        "conversations",
        sa.Column("handoff_priority", sa.Integer(), server_default="0", nullable=False),
    )
    op.create_index("ix_events_kind_at", "events", ["kind", "at"], unique=False)
    op.add_column("sessions", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_sessions_seen_at"), "sessions", ["seen_at"], unique=False)
    op.create_table(
        "call_backs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("wanted_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wanted_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_call_backs_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_backs")),
    )
    op.create_index(
        op.f("ix_call_backs_conversation_id"), "call_backs", ["conversation_id"], unique=False
    )
    op.create_index(op.f("ix_call_backs_state"), "call_backs", ["state"], unique=False)
    op.create_index(op.f("ix_call_backs_wanted_from"), "call_backs", ["wanted_from"], unique=False)
    op.add_column("survey_invitations", sa.Column("pending_kind", sa.String(), nullable=True))
    op.add_column("survey_invitations", sa.Column("pending_score", sa.Integer(), nullable=True))
    op.add_column("survey_invitations", sa.Column("pending_turn", sa.String(), nullable=True))
    op.add_column(
        "survey_invitations",
        sa.Column("repeated", sa.JSON(), server_default="[]", nullable=False),
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("cites", sa.String(), nullable=False),
        sa.Column("cited_id", sa.String(), nullable=False),
        sa.Column("turn_id", sa.String(), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_alerts_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("cites", "cited_id", name=op.f("uq_alerts_cites_cited_id")),
    )
    op.create_index(op.f("ix_alerts_conversation_id"), "alerts", ["conversation_id"], unique=False)
    op.create_index(op.f("ix_alerts_closed_at"), "alerts", ["closed_at"], unique=False)
    _upgrade_shop()
    _upgrade_identity()
    _upgrade_articles()


def downgrade() -> None:
    """Go back; no table is made anew, for dropping the old would empty what hangs on it."""
    _downgrade_articles()
    _downgrade_identity()
    _downgrade_shop()
    op.drop_table("alerts")
    for column in ("repeated", "pending_turn", "pending_score", "pending_kind"):
        op.drop_column("survey_invitations", column)
    op.drop_table("call_backs")
    op.drop_index(op.f("ix_sessions_seen_at"), table_name="sessions")
    op.drop_column("sessions", "seen_at")
    op.drop_index("ix_events_kind_at", table_name="events")
    op.drop_column("conversations", "handoff_priority")
    op.drop_column("conversations", "handoff_packet")


def _moment(name: str, *, nullable: bool = False) -> "sa.Column[datetime]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _string(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _words(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def _upgrade_shop() -> None:
    """Orders that were there before may lack what is new."""
    op.create_table(
        "shop_customers",
        _string("id"),
        _words("name"),
        _words("email", nullable=True),
        _words("phone", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_customers")),
    )
    op.add_column("orders", _string("customer", nullable=True))
    op.add_column("orders", _words("address", nullable=True))
    op.add_column("orders", sa.Column("prices", sa.JSON(), nullable=True))
    _index("orders", "customer")
    op.create_table(
        "returns",
        _string("number"),
        _string("order_number"),
        sa.Column("items", sa.JSON(), nullable=False),
        _words("reason"),
        _string("state"),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("amount_pence", sa.Integer(), nullable=False),
        sa.Column("refunded_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_returns")),
    )
    _index("returns", "order_number")
    op.create_table(
        "fittings",
        _string("number"),
        _string("order_number"),
        _moment("starts_at"),
        _moment("ends_at"),
        sa.Column("is_cancelled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_fittings")),
    )
    _index("fittings", "order_number", "starts_at")
    op.create_table(
        "tickets",
        _string("number"),
        _string("kind"),
        _string("state"),
        _moment("opened_at"),
        _moment("due_at"),
        _string("order_number", nullable=True),
        _words("note", nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_tickets")),
    )
    _index("tickets", "order_number")
    op.create_table(
        "shop_counters",
        _string("name"),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_shop_counters")),
    )
    op.create_table(
        "shop_keys",
        _string("operation"),
        _string("key"),
        _string("arguments"),
        _words("result"),
        _moment("at"),
        sa.PrimaryKeyConstraint("operation", "key", name=op.f("pk_shop_keys")),
    )
    _index("shop_keys", "at")


def _downgrade_shop() -> None:
    for table in ("shop_keys", "shop_counters", "tickets", "fittings", "returns", "shop_customers"):
        op.drop_table(table)
    op.drop_index(op.f("ix_orders_customer"), table_name="orders")
    for column in ("prices", "address", "customer"):
        op.drop_column("orders", column)


def _upgrade_identity() -> None:
    op.add_column("verifications", _string("shop_customer", nullable=True))
    op.add_column("verifications", _words("name", nullable=True))
    op.create_table(
        "wrong_tries",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        _string("visitor"),
        _string("order_number"),
        _moment("at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wrong_tries")),
    )
    _index("wrong_tries", "visitor", "order_number", "at")
    op.create_table(
        "one_time_codes",
        _string("id"),
        _string("conversation_id"),
        _string("order_number"),
        _string("code_hash"),
        _moment("issued_at"),
        _moment("used_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_codes")),
    )
    _index("one_time_codes", "order_number", "issued_at")


def _downgrade_identity() -> None:
    op.drop_table("one_time_codes")
    op.drop_table("wrong_tries")
    op.drop_column("verifications", "name")
    op.drop_column("verifications", "shop_customer")


def _upgrade_articles() -> None:
    op.create_table(
        "article_feedback",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        _string("conversation_id"),
        _string("turn_id"),
        _string("slug", nullable=True),
        _string("passage", nullable=True),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=True),
        _moment("at"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_article_feedback_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_feedback")),
        sa.UniqueConstraint(
            "conversation_id", "turn_id", name=op.f("uq_article_feedback_conversation_id_turn_id")
        ),
    )
    _index("article_feedback", "conversation_id", "at")


def _downgrade_articles() -> None:
    op.drop_table("article_feedback")
