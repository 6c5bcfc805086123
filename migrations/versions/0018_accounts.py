"""Accounts of people, opened and restored by two officers."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0018_accounts"
down_revision = "0017_applications"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
