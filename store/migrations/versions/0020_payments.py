"""What is open to be paid for an order of the embedded shop, and what was paid."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; nothing is open for orders of before."""
    op.add_column("orders", sa.Column("due", sa.Integer(), nullable=True))
    op.add_column("orders", sa.Column("payments", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Go back."""
    op.drop_column("orders", "payments")
    op.drop_column("orders", "due")
