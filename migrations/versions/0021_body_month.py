"""Bodies by month, kind, level and status."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0021_body_month"
down_revision = "0020_body_steps"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
