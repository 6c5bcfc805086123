"""Several dated steps for one name, and reminders that catch up."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0020_body_steps"
down_revision = "0019_holder_changes"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
