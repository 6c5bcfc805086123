"""The life of a 事业单位: acts, documents, certificates, public notices."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0008_institutions"
down_revision = "0007_push"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
