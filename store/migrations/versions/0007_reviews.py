"""Reviews of evaluations by people: corrections, disputes, decisions, and what was drawn."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = ("draw_periods", "draws", "reviews", "corrections", "disputes", "decisions")
INDEXES = {
    "draws": ("agent_key", "conversation_id", "drawn_at", "ended_at"),
    "reviews": ("agent_key", "conversation_id", "due_at", "evaluation_id", "state", "submitted_at"),
    "corrections": ("at", "review_id", "user_id"),
    "disputes": ("at", "outcome", "review_id", "user_id"),
    "decisions": ("dispute_id",),
    "evaluations": ("agent_key",),
}


def upgrade() -> None:
    """Go forward; whom an evaluation of before judges is found out when it is next asked for."""
    op.add_column("evaluations", sa.Column("agent_key", sa.String(), nullable=True))
    _draws()
    _reviews()
    _disputes()
    for table, columns in INDEXES.items():
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def downgrade() -> None:
    """Go back."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_index(op.f("ix_evaluations_agent_key"), "evaluations")
    op.drop_column("evaluations", "agent_key")


def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _draws() -> None:
    op.create_table(
        "draw_periods",
        sa.Column("agent_key", sa.String(), nullable=False),
        sa.Column("starts_at", _moment(), nullable=False),
        sa.Column("ends_at", _moment(), nullable=False),
        sa.Column("conversations", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("made_at", _moment(), nullable=False),
        sa.PrimaryKeyConstraint("agent_key", "starts_at", name=op.f("pk_draw_periods")),
    )
    op.create_table(
        "draws",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("agent_key", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column("risks", sa.JSON(), nullable=False),
        sa.Column("ended_at", _moment(), nullable=False),
        sa.Column("drawn_at", _moment(), nullable=False),
        sa.Column("skipped_at", _moment(), nullable=True),
        sa.Column("skipped_by", sa.String(), nullable=True),
        sa.Column("skip_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_draws_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draws")),
        sa.UniqueConstraint("conversation_id", "way", name=op.f("uq_draws_conversation_id_way")),
    )


def _reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("evaluation_id", sa.String(), nullable=True),
        sa.Column("scorecard", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("agent_key", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("opened_at", _moment(), nullable=False),
        sa.Column("machine_score", sa.Double(), nullable=True),
        sa.Column("machine_failed", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("submitted_by", sa.String(), nullable=True),
        sa.Column("submitted_at", _moment(), nullable=True),
        sa.Column("due_at", _moment(), nullable=True),
        sa.Column("acknowledged_at", _moment(), nullable=True),
        sa.Column("decided_at", _moment(), nullable=True),
        sa.Column("closed_at", _moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_reviews_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["evaluation_id"],
            ["evaluations.id"],
            name=op.f("fk_reviews_evaluation_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint(
            "conversation_id",
            "scorecard",
            "version",
            name=op.f("uq_reviews_conversation_id_scorecard_version"),
        ),
    )
    op.create_table(
        "corrections",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("review_id", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("at", _moment(), nullable=False),
        sa.Column("machine_verdict", sa.String(), nullable=True),
        sa.Column("machine_value", sa.Text(), nullable=True),
        sa.Column("dispute_id", sa.String(), nullable=True),
        sa.Column("withdrawn_at", _moment(), nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_corrections_review_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )


def _disputes() -> None:
    op.create_table(
        "disputes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("review_id", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("at", _moment(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("decided_at", _moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_disputes_review_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
        sa.UniqueConstraint("review_id", "question", name=op.f("uq_disputes_review_id_question")),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("dispute_id", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("at", _moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dispute_id"],
            ["disputes.id"],
            name=op.f("fk_decisions_dispute_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
