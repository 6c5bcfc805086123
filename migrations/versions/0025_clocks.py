"""Clocks of applications and of names."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0025_clocks"
down_revision = "0024_letters"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
