"""The whole life of an application."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0017_applications"
down_revision = "0013_registrars"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
