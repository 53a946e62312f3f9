"""Pictures of the web chat stand among the files that customers send."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; every picture keeps its id, so that its bytes are found."""
    with op.batch_alter_table("attachments") as batch:
        batch.add_column(sa.Column("width", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("height", sa.Integer(), nullable=True))
        batch.alter_column("address", existing_type=sa.String(), nullable=True)
    op.execute(
        "INSERT INTO attachments (id, conversation_id, turn_id, address, state, kind, size, width,"
        " height, reason, attempts, received_at)"
        " SELECT id, conversation_id, turn_id, NULL, 'kept', 'image/' || kind, size, width,"
        " height, NULL, 0, received_at FROM pictures"
    )
    op.drop_table("pictures")


def downgrade() -> None:
    """Go back; files that were fetched forget how large their pictures are."""
    _make_pictures()
    op.execute(
        "INSERT INTO pictures (id, conversation_id, turn_id, kind, size, width, height,"
        " received_at)"
        " SELECT id, conversation_id, turn_id, substr(kind, 7), size, width, height, received_at"
        " FROM attachments WHERE address IS NULL"
    )
    op.execute("DELETE FROM attachments WHERE address IS NULL")
    with op.batch_alter_table("attachments") as batch:
        batch.alter_column("address", existing_type=sa.String(), nullable=False)
        batch.drop_column("height")
        batch.drop_column("width")


def _make_pictures() -> None:
    op.create_table(
        "pictures",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("turn_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_pictures_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pictures")),
    )
    op.create_index(op.f("ix_pictures_conversation_id"), "pictures", ["conversation_id"])
