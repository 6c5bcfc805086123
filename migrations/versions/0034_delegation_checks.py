"""Looking at name servers, others' and ours."""

from alembic import op

from registry.kernel.pg.migrate import statements

revision = "0034_delegation_checks"
down_revision = "0033_query_figures"


def upgrade() -> None:
    """Run the hand-written SQL of the same name."""
    for statement in statements(revision):
        op.execute(statement)
