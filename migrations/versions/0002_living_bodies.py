"""Bodies with a past, staged imports, exchange between data centres, tasks, search keys."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0002_living_bodies"
down_revision = "0001_foundation"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
