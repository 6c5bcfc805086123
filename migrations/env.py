"""Alembic's entry: one transaction for the whole upgrade, over the connection of ``registry.kernel.pg.migrate``."""

from alembic import context
from sqlalchemy import Connection

from registry.kernel.pg.migrate import run_in_connection


def _run(connection: Connection) -> None:
    context.configure(connection=connection, transactional_ddl=True, transaction_per_migration=False)
    with context.begin_transaction():
        context.run_migrations()


run_in_connection(context.config.attributes["dsn"], _run)
