"""Data centres that push online: clients and batches."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0007_push"
down_revision = "0006_bulk"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
