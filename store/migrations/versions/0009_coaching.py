"""Coaching tasks, and the library of good examples."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INDEXES = {
    "coaching_tasks": ("agent_id", "conversation_id", "due_at", "skill"),
    "examples": ("conversation_id", "skill"),
}


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "coaching_tasks",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("agent_id", sa.String(), nullable=False),
        sa.Column("skill", sa.String(), nullable=False),
        sa.Column("scorecard", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=True),
        sa.Column("evaluation_id", sa.String(), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", _moment(), nullable=False),
        sa.Column("due_at", _moment(), nullable=False),
        sa.Column("acknowledged_at", _moment(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("done_at", _moment(), nullable=True),
        sa.Column("done_by", sa.String(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", _moment(), nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=True),
        _of_conversation("coaching_tasks", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_tasks")),
    )
    op.create_table(
        "examples",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("first_turn", sa.String(), nullable=False),
        sa.Column("last_turn", sa.String(), nullable=False),
        sa.Column("start", sa.Double(), nullable=True),
        sa.Column("end", sa.Double(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("skill", sa.String(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", _moment(), nullable=False),
        sa.Column("published_at", _moment(), nullable=True),
        sa.Column("published_by", sa.String(), nullable=True),
        _of_conversation("examples", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_examples")),
    )
    for table, columns in INDEXES.items():
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def downgrade() -> None:
    """Go back."""
    for table in reversed(INDEXES):
        op.drop_table(table)


def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _of_conversation(table: str, on_delete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["conversation_id"],
        ["conversations.id"],
        name=op.f(f"fk_{table}_conversation_id_conversations"),
        ondelete=on_delete,
    )
