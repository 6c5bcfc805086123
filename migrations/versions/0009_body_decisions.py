"""What reviewers decide about the names of a body that changed."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0009_body_decisions"
down_revision = "0008_institutions"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
