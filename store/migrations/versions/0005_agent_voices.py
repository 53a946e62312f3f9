"""Voices of agents who agreed to be recognised in mono calls."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "agent_voices",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name_hash", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("vector", sa.Text(), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_voices")),
        sa.UniqueConstraint("name_hash", "model", name=op.f("uq_agent_voices_name_hash_model")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("agent_voices")
