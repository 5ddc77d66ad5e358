"""Who sent an update, so that several processes handle the updates of one sender in order."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step; of what waits already the sender is not known, and it keeps its place.

    The default is also for processes of the version before, which may still run.
    """
    sender = sa.Column('sender', sa.String(64), nullable=False, server_default='')
    op.add_column('inbox', sender)
    op.create_index('ix_inbox_status_sender_id', 'inbox', ['status', 'sender', 'id'])


def downgrade() -> None:
    """Take this step back."""
    op.drop_index('ix_inbox_status_sender_id', 'inbox')
    op.drop_column('inbox', 'sender')
