"""Webhooks that were done, so that a repeated one gets the same answer."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "webhooks",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_webhooks_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_webhooks")),
    )
    op.create_index(op.f("ix_webhooks_at"), "webhooks", ["at"])
    op.create_index(op.f("ix_webhooks_conversation_id"), "webhooks", ["conversation_id"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("webhooks")
