"""Cases of the public side."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0054_cases"
down_revision = "0042_directory"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
