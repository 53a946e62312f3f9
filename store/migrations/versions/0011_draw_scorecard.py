"""By which scorecard a drawn conversation is to be reviewed."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; what was drawn before is reviewed by any."""
    op.add_column("draws", sa.Column("scorecard", sa.String(), nullable=True))


def downgrade() -> None:
    """Go back."""
    op.drop_column("draws", "scorecard")
