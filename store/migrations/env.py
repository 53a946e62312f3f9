"""Alembic's entry: runs on the connection that store.database hands over."""

from alembic import context

from store import (  # noqa: F401 -- their tables belong to Base
    calibration_tables,
    call_tables,
    coaching_tables,
    copy_tables,
    inbox_tables,
    review_tables,
    twilio_tables,
)
from store.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
