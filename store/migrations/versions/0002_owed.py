"""What is owed to Rasa, which button a turn pressed, and from which turn on a holder answers."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; closed chats are asked for once more, for they may still be in Rasa."""
    op.create_table(
        "owed",
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_owed")),
    )
    op.create_index(op.f("ix_owed_tried_at"), "owed", ["tried_at"], unique=False)
    op.add_column("turns", sa.Column("button_id", sa.String(), nullable=True))
    op.add_column(
        "conversations",
        sa.Column("holder_from", sa.Integer(), server_default="0", nullable=False),
    )
    op.execute(
        "INSERT INTO owed (conversation_id, tried_at) "
        "SELECT id, holder_since FROM conversations WHERE holder = 'closed' AND channel <> 'voice'"
    )
    op.execute(
        "UPDATE conversations SET holder_from = (SELECT count(*) FROM turns "
        "WHERE turns.conversation_id = conversations.id "
        "AND turns.said_at < conversations.holder_since)"
    )


def downgrade() -> None:
    """Go back; no table is made anew, for dropping the old would empty what hangs on it."""
    op.drop_column("conversations", "holder_from")
    op.drop_column("turns", "button_id")
    op.drop_index(op.f("ix_owed_tried_at"), table_name="owed")
    op.drop_table("owed")
