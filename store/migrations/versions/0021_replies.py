"""Which turn a customer's turn was written as a reply to."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; of turns of before it is not known."""
    op.add_column("turns", sa.Column("replies_to", sa.String(), nullable=True))


def downgrade() -> None:
    """Go back."""
    op.drop_column("turns", "replies_to")
