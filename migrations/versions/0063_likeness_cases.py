"""Look-alikes of official names: feeds and cases."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0063_likeness_cases"
down_revision = "0062_watch_records"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
