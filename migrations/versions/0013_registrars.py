"""Registrars: users, keys, networks, limits, reports, the command log."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0013_registrars"
down_revision = "0012_epp"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
