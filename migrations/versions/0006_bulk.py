"""Fewer indexes under the names of bodies."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0006_bulk"
down_revision = "0005_notices"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
