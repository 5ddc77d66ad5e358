"""The state in each index of an order, so that a list of some states is walked without reports."""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

GRAVITY = "(CASE severity WHEN 'hoog' THEN 0 WHEN 'midden' THEN 1 ELSE 2 END)"
# of each: its columns, before and after this step
CHANGED = {
    # old reports have the earliest deadlines: a list of new ones begins far below the top
    'ix_report_deadline': (
        '(due_at IS NULL), due_at, serial DESC',
        '(due_at IS NULL), due_at, serial DESC, status, created_at',
    ),
    'ix_report_updated_at_serial': ('updated_at, serial', 'updated_at, serial, status'),
    # an expression alone does not give PostgreSQL what it was computed from
    'ix_report_gravity': (f'{GRAVITY}, serial DESC', f'{GRAVITY}, serial DESC, status, severity'),
    # those of one officer are sorted by deadline
    'ix_report_owner_id_status': ('owner_id, status', 'owner_id, status, due_at, serial'),
}


def upgrade() -> None:
    """Apply this step."""
    _make({name: after for name, (_, after) in CHANGED.items()})


def downgrade() -> None:
    """Take this step back."""
    _make({name: before for name, (before, _) in CHANGED.items()})


def _make(columns: dict[str, str]) -> None:
    for name, wanted in columns.items():
        op.execute(sa.text(f'DROP INDEX IF EXISTS {name}'))
        op.execute(sa.text(f'CREATE INDEX {name} ON report ({wanted})'))
