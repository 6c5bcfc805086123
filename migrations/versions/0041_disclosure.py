"""Hidden registration data shown to those who are entitled to it."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0041_disclosure"
down_revision = "0040_lookup_facts"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
