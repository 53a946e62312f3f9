"""What is measured in a call's sound, what is said about it, and what of it nobody hears."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; calls of before have no measures, for nobody measured them."""
    op.create_table(
        "call_measures",
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_call_measures_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_call_measures")),
    )
    for name, empty in (("mutes", "[]"), ("notes", "[]"), ("quality", "{}")):
        op.add_column(
            "recordings", sa.Column(name, sa.JSON(), server_default=empty, nullable=False)
        )


def downgrade() -> None:
    """Go back."""
    for name in ("quality", "notes", "mutes"):
        op.drop_column("recordings", name)
    op.drop_table("call_measures")
