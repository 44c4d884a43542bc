"""Run by Alembic: brings the tables up to date over the connection it is handed."""

from alembic import context

from central.database.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
