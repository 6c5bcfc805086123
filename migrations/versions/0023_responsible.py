"""Who answers for an application, and whether he confirmed it."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0023_responsible"
down_revision = "0022_locked"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
