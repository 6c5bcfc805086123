"""The red pages, and what happened to a name."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0042_directory"
down_revision = "0041_disclosure"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
