"""What holders change of their names."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0019_holder_changes"
down_revision = "0018_accounts"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
