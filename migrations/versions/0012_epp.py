"""EPP: allocation tokens, TTLs, maintenance, registry lock, statuses with reasons, transfers of contacts."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0012_epp"
down_revision = "0011_figures"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
