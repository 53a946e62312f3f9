"""What the bot needs beside its turns: packets for agents, call-backs, and who is at work."""

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


def downgrade() -> None:
    """Go back; no table is made anew, for dropping the old would empty what hangs on it."""
    op.drop_table("alerts")
    for column in ("repeated", "pending_turn", "pending_score", "pending_kind"):
        op.drop_column("survey_invitations", column)
    op.drop_table("call_backs")
    op.drop_index(op.f("ix_sessions_seen_at"), table_name="sessions")
    op.drop_column("sessions", "seen_at")
    op.drop_index("ix_events_kind_at", table_name="events")
    op.drop_column("conversations", "handoff_priority")
    op.drop_column("conversations", "handoff_packet")
