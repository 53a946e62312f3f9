"""Calls on the telephone, and the recordings that the provider made of them."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "calls",
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("sid", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("began_at", moment, nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("parent", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("told_from", sa.Integer(), nullable=False),
        sa.Column("told_to", sa.Integer(), nullable=False),
        sa.Column("silences", sa.Integer(), nullable=False),
        sa.Column("misheard", sa.Integer(), nullable=False),
        sa.Column("is_slow", sa.Boolean(), nullable=False),
        sa.Column("called", sa.String(), nullable=True),
        sa.Column("pending", sa.Text(), nullable=True),
        sa.Column("leg", sa.String(), nullable=True),
        sa.Column("answered_at", moment, nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_calls_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("provider", "sid", name=op.f("pk_calls")),
    )
    op.create_index(op.f("ix_calls_conversation_id"), "calls", ["conversation_id"])
    op.create_index(op.f("ix_calls_leg"), "calls", ["leg"])
    op.create_table(
        "call_recordings",
        sa.Column("sid", sa.String(), nullable=False),
        sa.Column("call_sid", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("told_at", moment, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started_at", moment, nullable=True),
        sa.Column("duration", sa.Double(), nullable=True),
        sa.Column("channels", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("try_after", moment, nullable=True),
        sa.Column("recording_id", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_call_recordings_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_call_recordings")),
    )
    for column in ("conversation_id", "state", "recording_id"):
        op.create_index(op.f(f"ix_call_recordings_{column}"), "call_recordings", [column])


def downgrade() -> None:
    """Go back."""
    op.drop_table("call_recordings")
    op.drop_table("calls")
