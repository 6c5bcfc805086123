"""The foundation: feed, audit, registrars, bodies, objects, memory, marks, published views."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0001_foundation"
down_revision = None


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
