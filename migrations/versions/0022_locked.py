"""Locked names are found without reading all names."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0022_locked"
down_revision = "0021_body_month"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
