"""Alerts of the watch, and the window through which they are told."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0064_watch_alerts"
down_revision = "0063_likeness_cases"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
