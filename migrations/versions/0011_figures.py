"""Figures of the establishment."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0011_figures"
down_revision = "0010_comparison"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
