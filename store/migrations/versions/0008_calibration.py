"""Calibration: blind sessions, their sheets, what people agree on, and double scores."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = (
    "calibration_sessions",
    "calibration_people",
    "calibration_items",
    "calibration_sheets",
    "calibration_consensus",
    "double_scores",
)
INDEXES = {
    "calibration_sessions": ("closed_at",),
    "calibration_people": ("user_id",),
    "calibration_items": ("conversation_id",),
    "calibration_sheets": ("conversation_id",),
    "calibration_consensus": ("conversation_id",),
    "double_scores": ("digest",),
}


def upgrade() -> None:
    """Go forward."""
    _sessions()
    _sheets()
    _double_scores()
    for table, columns in INDEXES.items():
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def downgrade() -> None:
    """Go back."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _string(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _of(table: str, other: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")


def _sessions() -> None:
    op.create_table(
        "calibration_sessions",
        _string("id"),
        sa.Column("title", sa.Text(), nullable=False),
        _string("scorecard"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        _string("made_by"),
        _moment("made_at"),
        _moment("due_at"),
        _moment("closed_at", nullable=True),
        _string("closed_by", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_sessions")),
    )
    table = "calibration_people"
    op.create_table(
        table,
        _string("session_id"),
        _string("user_id"),
        _of(table, "calibration_sessions", "session_id"),
        sa.PrimaryKeyConstraint("session_id", "user_id", name=op.f(f"pk_{table}")),
    )
    table = "calibration_items"
    op.create_table(
        table,
        _string("session_id"),
        _string("conversation_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        _string("picked"),
        sa.Column("findings", sa.Text(), nullable=False),
        _of(table, "calibration_sessions", "session_id"),
        _of(table, "conversations", "conversation_id"),
        sa.PrimaryKeyConstraint("session_id", "conversation_id", name=op.f(f"pk_{table}")),
    )


def _sheets() -> None:
    table = "calibration_sheets"
    op.create_table(
        table,
        _string("session_id"),
        _string("conversation_id"),
        _string("user_id"),
        sa.Column("answers", sa.Text(), nullable=False),
        _moment("saved_at"),
        _moment("submitted_at", nullable=True),
        sa.Column("had_seen", sa.Boolean(), nullable=False),
        _of(table, "calibration_sessions", "session_id"),
        _of(table, "conversations", "conversation_id"),
        sa.PrimaryKeyConstraint(
            "session_id", "conversation_id", "user_id", name=op.f(f"pk_{table}")
        ),
    )
    table = "calibration_consensus"
    op.create_table(
        table,
        _string("session_id"),
        _string("conversation_id"),
        _string("question"),
        _string("answer"),
        sa.Column("reason", sa.Text(), nullable=False),
        _string("user_id"),
        _moment("at"),
        _of(table, "calibration_sessions", "session_id"),
        _of(table, "conversations", "conversation_id"),
        sa.PrimaryKeyConstraint(
            "session_id", "conversation_id", "question", name=op.f(f"pk_{table}")
        ),
    )


def _double_scores() -> None:
    op.create_table(
        "double_scores",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        *map(_string, ("digest", "question", "scorecard")),
        sa.Column("version", sa.Integer(), nullable=False),
        *map(_string, ("unit", "picked", "machine", "person", "user_id")),
        _moment("at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_double_scores")),
        sa.UniqueConstraint(
            "unit", "digest", "user_id", name=op.f("uq_double_scores_unit_digest_user_id")
        ),
    )
