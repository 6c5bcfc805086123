"""What look-ups need to say when something last changed."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0040_lookup_facts"
down_revision = "0034_delegation_checks"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
