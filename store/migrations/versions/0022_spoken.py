"""When a recorded call began, where it was told; files of before did not tell."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; the time of import is no longer taken for the time of the call."""
    op.add_column("recordings", sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE events SET at = NULL WHERE kind = 'opened' AND conversation_id IN"
        " (SELECT conversation_id FROM recordings WHERE id NOT IN"
        " (SELECT recording_id FROM call_recordings WHERE recording_id IS NOT NULL)"
        " AND conversation_id IS NOT NULL)"
    )


def downgrade() -> None:
    """Go back."""
    op.drop_column("recordings", "opened_at")
