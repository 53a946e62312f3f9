"""What reports count: answers without words beside each evaluation, and the teams of users."""

import json
import re
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

AT_ONCE = 500  # evaluations that are read and written in one go
CODES = {"yes": "y", "no": "n", "not_applicable": "-", "unsure": "?"}
CHOICE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z")


def upgrade() -> None:
    """Go forward; evaluations of before get their answers out of their findings."""
    op.add_column("users", sa.Column("teams", sa.JSON(), server_default="[]", nullable=False))
    op.add_column(
        "evaluations", sa.Column("answers", sa.Text(), server_default="{}", nullable=False)
    )
    op.add_column("reviews", sa.Column("answers", sa.Text(), nullable=True))
    _fill()


def downgrade() -> None:
    """Go back."""
    op.drop_column("reviews", "answers")
    op.drop_column("evaluations", "answers")
    op.drop_column("users", "teams")


def _fill() -> None:
    table = sa.table(
        "evaluations", sa.column("id", sa.String), sa.column("findings", sa.Text),
        sa.column("answers", sa.Text),
    )  # fmt: skip
    connection, last = op.get_bind(), ""
    while True:
        rows = connection.execute(
            sa.select(table.c.id, table.c.findings)
            .where(table.c.id > last)
            .order_by(table.c.id)
            .limit(AT_ONCE)
        ).all()
        if not rows:
            return
        last = rows[-1].id
        connection.execute(
            sa.update(table).where(table.c.id == sa.bindparam("row")).values(
                answers=sa.bindparam("packed")
            ),
            [{"row": row.id, "packed": packed(json.loads(row.findings))} for row in rows],
        )  # fmt: skip


def packed(findings: list[dict[str, Any]]) -> str:
    """As `core.packed.pack` wrote it in the version that this migration came with."""
    told = {}
    for finding in findings:
        code, value = CODES[finding["verdict"]], finding.get("value")
        is_answered = code in ("y", "n")
        if is_answered and isinstance(value, str):
            is_choice = finding.get("source") == "machine" and CHOICE.match(value)
            code = f"{code}:{value}" if is_choice else code
        elif is_answered and value is not None and value == int(value) and 0 <= value <= 1000:
            code = f"{code}:{value:g}"
        told[finding["question"]] = code
    return json.dumps(told, separators=(",", ":"))
