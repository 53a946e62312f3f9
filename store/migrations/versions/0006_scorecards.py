"""Versions of scorecards, what a conversation is chosen by, and more of a score."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; what was scored before keeps its score, without the new parts."""
    op.create_table(
        "scorecards",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("yaml", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=True),
        sa.Column("made_by", sa.String(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", "version", name=op.f("pk_scorecards")),
    )
    for table in ("conversations", "recordings"):
        op.add_column(table, sa.Column("queue", sa.String(), nullable=True))
        op.add_column(table, sa.Column("direction", sa.String(), nullable=True))
    op.add_column("evaluations", sa.Column("before_fatal", sa.Double(), nullable=True))
    op.add_column("evaluations", sa.Column("critical", sa.Double(), nullable=True))
    op.add_column("evaluations", sa.Column("not_scored", sa.String(), nullable=True))


def downgrade() -> None:
    """Go back."""
    for name in ("not_scored", "critical", "before_fatal"):
        op.drop_column("evaluations", name)
    for table in ("recordings", "conversations"):
        op.drop_column(table, "direction")
        op.drop_column(table, "queue")
    op.drop_table("scorecards")
