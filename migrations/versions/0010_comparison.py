"""Comparison with other departments."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0010_comparison"
down_revision = "0009_body_decisions"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
