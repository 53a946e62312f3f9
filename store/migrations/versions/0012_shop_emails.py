"""Finding a customer of the shop by their e-mail address: its keyed hash."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; earlier rows are hashed when somebody is looked for (store/shop/customers.py)."""
    op.add_column("shop_customers", sa.Column("email_hash", sa.String(), nullable=True))
    op.create_index(op.f("ix_shop_customers_email_hash"), "shop_customers", ["email_hash"])


def downgrade() -> None:
    """Go back."""
    op.drop_index(op.f("ix_shop_customers_email_hash"), table_name="shop_customers")
    op.drop_column("shop_customers", "email_hash")
