"""Run by Alembic: brings the tables up to date over the connection it is handed.

Every step is written by hand, so the tables of the code are not needed here; a test holds the two against each other.
"""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
