"""Decisions with the data they rest on, lists that two people edit, keys of similar names."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0003_naming"
down_revision = "0002_living_bodies"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
