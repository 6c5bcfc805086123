"""What the watch saw, kept in partitions and by digest."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0062_watch_records"
down_revision = "0061_watch"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
