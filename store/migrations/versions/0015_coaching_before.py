"""What was earned on a coaching task's question before it was made; old tasks have none."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column(
        "coaching_tasks", sa.Column("before", sa.JSON(), server_default="[]", nullable=False)
    )


def downgrade() -> None:
    """Go back."""
    op.drop_column("coaching_tasks", "before")
