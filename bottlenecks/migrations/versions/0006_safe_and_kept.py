"""When an update or a reply was set aside: so that it can be shown, tried again, and erased."""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply this step."""
    op.add_column('inbox', sa.Column('set_aside_at', MOMENT, nullable=True))
    op.add_column('outbox', sa.Column('set_aside_at', MOMENT, nullable=True))
    # what was set aside before: the latest moment known of it
    op.execute("UPDATE inbox SET set_aside_at = received_at WHERE status = 'failed'")
    op.execute("UPDATE outbox SET set_aside_at = created_at WHERE status = 'dead'")


def downgrade() -> None:
    """Take this step back."""
    op.drop_column('outbox', 'set_aside_at')
    op.drop_column('inbox', 'set_aside_at')
