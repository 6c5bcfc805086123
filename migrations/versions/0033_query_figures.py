"""What the zones are asked."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0033_query_figures"
down_revision = "0025_clocks"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
