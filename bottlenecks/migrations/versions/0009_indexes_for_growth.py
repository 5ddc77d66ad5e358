"""An index for every filter and order of the desk, and for the end of long conversations."""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

GRAVITY = "(CASE severity WHEN 'hoog' THEN 0 WHEN 'midden' THEN 1 ELSE 2 END)"
NEW = (
    ('ix_report_updated_at_serial', 'report', 'updated_at, serial'),
    ('ix_report_gravity', 'report', f'{GRAVITY}, serial DESC'),
    ('ix_report_category_status', 'report', 'category, status'),
    ('ix_report_severity_status', 'report', 'severity, status'),
    ('ix_report_owner_id_status', 'report', 'owner_id, status'),
    ('ix_report_practice_id_status', 'report', 'practice_id, status'),
    ('ix_report_topic_status', 'report', 'topic, status'),
    ('ix_report_answer_wanted_status', 'report', 'answer_wanted, status'),
    ('ix_report_has_reaction_status', 'report', 'has_reaction, status'),
    ('ix_report_due_at_status', 'report', 'due_at, status'),
    ('ix_report_group_counts', 'report', 'group_id, practice_id, created_at, region'),
    ('ix_report_serial_status', 'report', 'serial, status'),
    ('ix_feedback_handled_at_topic', 'feedback', 'handled_at, topic'),
    ('ix_feedback_person_id', 'feedback', 'person_id'),
    ('ix_unclear_question_label_created_at', 'unclear_question', 'label, created_at'),
    ('ix_conversation_account_id_created_at', 'conversation', 'account_id, created_at'),
    ('ix_conversation_event_conversation_id_id', 'conversation_event', 'conversation_id, id'),
    ('ix_person_region', 'person', 'region'),
)
# the beginning of a new one
OLD = (
    ('ix_report_category', 'report', 'category'),
    ('ix_report_severity', 'report', 'severity'),
    ('ix_report_owner_id', 'report', 'owner_id'),
    ('ix_report_practice_id', 'report', 'practice_id'),
    ('ix_report_topic', 'report', 'topic'),
    ('ix_report_group_id', 'report', 'group_id'),
    ('ix_conversation_account_id', 'conversation', 'account_id'),
    ('ix_conversation_event_conversation_id', 'conversation_event', 'conversation_id'),
)


def upgrade() -> None:
    """Apply this step."""
    _replace(OLD, NEW)


def downgrade() -> None:
    """Take this step back."""
    _replace(NEW, OLD)


def _replace(gone: tuple[tuple[str, str, str], ...], new: tuple[tuple[str, str, str], ...]) -> None:
    for name, _, _ in gone:
        op.execute(sa.text(f'DROP INDEX IF EXISTS {name}'))
    for name, table, columns in new:
        op.execute(sa.text(f'CREATE INDEX IF NOT EXISTS {name} ON {table} ({columns})'))
