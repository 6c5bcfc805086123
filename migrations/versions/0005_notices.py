"""Notices, and the outbox that carries them."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0005_notices"
down_revision = "0004_portal"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
