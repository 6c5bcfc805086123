"""Decision letters and their templates."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0024_letters"
down_revision = "0023_responsible"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
