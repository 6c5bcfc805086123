"""Sessions of people, applications that two people decide."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0004_portal"
down_revision = "0003_naming"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
