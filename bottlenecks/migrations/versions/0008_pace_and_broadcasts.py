"""Delivery by several processes: who is sending what, and how many messages a second."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WAITING = (
    ('ix_outbox_waiting_of_account', ['account_id', 'id'], "status = 'pending'"),
    ('ix_outbox_waiting_replies', ['channel', 'id'],
     "status = 'pending' AND broadcast_id IS NULL"),
    ('ix_outbox_waiting_broadcasts', ['channel', 'id'],
     "status = 'pending' AND broadcast_id IS NOT NULL"),
)


def upgrade() -> None:
    """Apply this step."""
    # not in batches: SQLite would make a table anew to which others point
    op.add_column('outbox', sa.Column('channel', sa.String(length=16), nullable=False, server_default=''))
    op.add_column('outbox', sa.Column('sent_messages', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('outbox', sa.Column('claimed_until', MOMENT, nullable=True))
    op.execute('UPDATE outbox SET channel = '
               '(SELECT channel FROM account WHERE account.id = outbox.account_id)')
    op.create_index('ix_outbox_broadcast_id_status', 'outbox', ['broadcast_id', 'status'])
    op.drop_index('ix_outbox_broadcast_id', 'outbox')
    for name, columns, condition in WAITING:
        op.create_index(name, 'outbox', columns, sqlite_where=sa.text(condition),
                        postgresql_where=sa.text(condition))
    op.create_table('sending_slot',
    sa.Column('channel', sa.String(length=16), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('free_at', MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('channel', 'number', name=op.f('pk_sending_slot'))
    )
    op.create_table('sending_pause',
    sa.Column('channel', sa.String(length=16), nullable=False),
    sa.Column('since', MOMENT, nullable=False),
    sa.Column('until', MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('channel', name=op.f('pk_sending_pause'))
    )


def downgrade() -> None:
    """Take this step back."""
    op.drop_table('sending_pause')
    op.drop_table('sending_slot')
    for name, _, _ in WAITING:
        op.drop_index(name, 'outbox')
    op.create_index('ix_outbox_broadcast_id', 'outbox', ['broadcast_id'])
    op.drop_index('ix_outbox_broadcast_id_status', 'outbox')
    for column in ('claimed_until', 'sent_messages', 'channel'):
        op.drop_column('outbox', column)
