"""The watch over official sites: who is watched, and when."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0061_watch"
down_revision = "0054_cases"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
