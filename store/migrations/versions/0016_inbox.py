"""The agents' inbox: presence, queues, offers, notes, canned answers, drafts, pictures."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INDEXES = (
    ("offers", "user_id"),
    ("notes", "conversation_id"),
    ("drafts", "saved_at"),
    ("pictures", "conversation_id"),
)
TABLES = (
    "pictures", "drafts", "canned_answers", "notes", "offers", "work_queues", "agent_states"
)  # fmt: skip


def upgrade() -> None:
    """Go forward."""
    _make_people()
    _make_words()
    for table, column in INDEXES:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def downgrade() -> None:
    """Go back."""
    for table in TABLES:
        op.drop_table(table)


def _make_people() -> None:
    """Who is there, and what waits for whom."""
    op.create_table(
        "agent_states",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("presence", sa.String(), nullable=False),
        sa.Column("since", _moment(), nullable=True),
        sa.Column("seen_at", _moment(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("plays_sound", sa.Boolean(), nullable=False),
        sa.Column("marks_title", sa.Boolean(), nullable=False),
        sa.Column("was_left", sa.Boolean(), nullable=False),
        sa.Column("offered_at", _moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_agent_states_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_agent_states")),
    )
    op.create_table(
        "work_queues",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_work_queues")),
    )
    op.create_table(
        "offers",
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("offered_at", _moment(), nullable=False),
        sa.Column("until", _moment(), nullable=False),
        sa.Column("tried", sa.JSON(), nullable=False),
        _of_conversation("offers"),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_offers")),
    )


def _make_words() -> None:
    """What is written about and for a conversation, and what came with it."""
    op.create_table(
        "notes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", _moment(), nullable=False),
        _of_conversation("notes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    op.create_table(
        "canned_answers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("changed_at", _moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_answers")),
    )
    op.create_table(
        "drafts",
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("saved_at", _moment(), nullable=False),
        _of_conversation("drafts"),
        sa.PrimaryKeyConstraint("conversation_id", "user_id", name=op.f("pk_drafts")),
    )
    op.create_table(
        "pictures",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("turn_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("received_at", _moment(), nullable=False),
        _of_conversation("pictures"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pictures")),
    )


def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _of_conversation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["conversation_id"],
        ["conversations.id"],
        name=op.f(f"fk_{table}_conversation_id_conversations"),
        ondelete="CASCADE",
    )
