"""Groups, figures, signals, what people ask, and content that the region keeps true."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ID = sa.String(length=32)


def upgrade() -> None:
    """Apply this step."""
    op.create_table('report_group',
    sa.Column('id', ID, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.Column('forwarded_to', sa.String(length=16), nullable=True),
    sa.Column('owner_id', ID, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('is_example', sa.Boolean(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('updated_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['desk_user.id'], name=op.f('fk_report_group_owner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_group')),
    sa.UniqueConstraint('number', name=op.f('uq_report_group_number'))
    )
    op.create_index(op.f('ix_report_group_status'), 'report_group', ['status'])
    op.create_table('group_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('group_id', ID, nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('actor', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('report_id', ID, nullable=True),
    sa.Column('status_from', sa.String(length=24), nullable=True),
    sa.Column('status_to', sa.String(length=24), nullable=True),
    sa.Column('text', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['group_id'], ['report_group.id'], name=op.f('fk_group_event_group_id')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_group_event_report_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_event'))
    )
    op.create_index(op.f('ix_group_event_group_id'), 'group_event', ['group_id'])
    op.create_table('group_refusal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('group_id', ID, nullable=False),
    sa.Column('report_id', ID, nullable=False),
    sa.Column('actor', sa.String(length=64), nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['group_id'], ['report_group.id'], name=op.f('fk_group_refusal_group_id')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_group_refusal_report_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_refusal')),
    sa.UniqueConstraint('group_id', 'report_id', name=op.f('uq_group_refusal_group_id_report_id'))
    )
    op.create_index(op.f('ix_group_refusal_report_id'), 'group_refusal', ['report_id'])
    op.create_table('topic_count',
    sa.Column('week', sa.Date(), nullable=False),
    sa.Column('topic', sa.String(length=60), nullable=False),
    sa.Column('outcome', sa.String(length=16), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('week', 'topic', 'outcome', name=op.f('pk_topic_count'))
    )
    op.create_table('signal_rule',
    sa.Column('id', ID, nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('condition', sa.JSON(), nullable=False),
    sa.Column('recipients', sa.JSON(), nullable=False),
    sa.Column('by_mail', sa.Boolean(), nullable=False),
    sa.Column('by_telegram', sa.Boolean(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('is_example', sa.Boolean(), nullable=False),
    sa.Column('created_by', ID, nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('updated_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['created_by'], ['desk_user.id'], name=op.f('fk_signal_rule_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signal_rule'))
    )
    op.create_table('signal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('rule_id', ID, nullable=False),
    sa.Column('condition', sa.JSON(), nullable=False),
    sa.Column('region', sa.String(length=32), nullable=True),
    sa.Column('reports', sa.Integer(), nullable=False),
    sa.Column('last_serial', sa.BigInteger(), nullable=False),
    sa.Column('began_at', MOMENT, nullable=False),
    sa.Column('told_at', MOMENT, nullable=False),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['rule_id'], ['signal_rule.id'], name=op.f('fk_signal_rule_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signal'))
    )
    op.create_index('ix_signal_rule_id_ended_at', 'signal', ['rule_id', 'ended_at'])
    op.create_index(op.f('ix_signal_told_at'), 'signal', ['told_at'])
    op.create_table('signal_reading',
    sa.Column('signal_id', sa.Integer(), nullable=False),
    sa.Column('user_id', ID, nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['signal_id'], ['signal.id'], name=op.f('fk_signal_reading_signal_id')),
    sa.ForeignKeyConstraint(['user_id'], ['desk_user.id'], name=op.f('fk_signal_reading_user_id')),
    sa.PrimaryKeyConstraint('signal_id', 'user_id', name=op.f('pk_signal_reading'))
    )
    op.create_table('content_source',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('region', sa.String(length=32), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('publisher', sa.String(length=200), nullable=False),
    sa.Column('date', sa.String(length=60), nullable=True),
    sa.Column('file', sa.String(length=200), nullable=False),
    sa.Column('contacts', sa.JSON(), nullable=False),
    sa.Column('passages', sa.JSON(), nullable=False),
    sa.Column('notes', sa.JSON(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('created_by', ID, nullable=True),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['created_by'], ['desk_user.id'], name=op.f('fk_content_source_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_content_source'))
    )
    op.create_index(op.f('ix_content_source_region'), 'content_source', ['region'])
    op.create_table('proposal',
    sa.Column('id', ID, nullable=False),
    sa.Column('topic', sa.String(length=60), nullable=False),
    sa.Column('region', sa.String(length=32), nullable=True),
    sa.Column('data', sa.JSON(), nullable=True),
    sa.Column('base', sa.JSON(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('status', sa.String(length=16), nullable=False),
    sa.Column('source_id', sa.String(length=40), nullable=True),
    sa.Column('proposed_by', ID, nullable=True),
    sa.Column('proposed_at', MOMENT, nullable=False),
    sa.Column('decided_by', ID, nullable=True),
    sa.Column('decided_at', MOMENT, nullable=True),
    sa.Column('decision', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['source_id'], ['content_source.id'], name=op.f('fk_proposal_source_id')),
    sa.ForeignKeyConstraint(['proposed_by'], ['desk_user.id'], name=op.f('fk_proposal_proposed_by')),
    sa.ForeignKeyConstraint(['decided_by'], ['desk_user.id'], name=op.f('fk_proposal_decided_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal'))
    )
    op.create_index('ix_proposal_topic_region', 'proposal', ['topic', 'region'])
    op.create_index('ix_proposal_status_id', 'proposal', ['status', 'id'])
    op.create_index(op.f('ix_proposal_decided_at'), 'proposal', ['decided_at'])
    op.create_table('topic_review',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('topic', sa.String(length=60), nullable=False),
    sa.Column('region', sa.String(length=32), nullable=True),
    sa.Column('by', ID, nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['by'], ['desk_user.id'], name=op.f('fk_topic_review_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_topic_review'))
    )
    op.create_index('ix_topic_review_topic', 'topic_review', ['topic', 'id'])
    op.create_table('meeting_report',
    sa.Column('id', ID, nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('audience', sa.String(length=120), nullable=False),
    sa.Column('sender', sa.String(length=120), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('regions', sa.JSON(), nullable=False),
    sa.Column('groups', sa.JSON(), nullable=False),
    sa.Column('quotes', sa.JSON(), nullable=False),
    sa.Column('introduction', sa.Text(), nullable=False),
    sa.Column('request', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_by', ID, nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('updated_by', ID, nullable=False),
    sa.Column('updated_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['created_by'], ['desk_user.id'], name=op.f('fk_meeting_report_created_by')),
    sa.ForeignKeyConstraint(['updated_by'], ['desk_user.id'], name=op.f('fk_meeting_report_updated_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_report'))
    )
    op.create_index(op.f('ix_meeting_report_updated_at'), 'meeting_report', ['updated_at'])

    # not in batches: SQLite would make tables anew to which others point
    _add('desk_user', sa.Column('person_id', ID, nullable=True), 'person')
    _add('feedback', sa.Column('handled_by', ID, nullable=True), 'desk_user')
    _add('feedback', sa.Column('handled_at', MOMENT, nullable=True))
    _add('unclear_question', sa.Column('label', sa.String(length=60), nullable=True))
    _add('unclear_question', sa.Column('labelled_by', ID, nullable=True), 'desk_user')
    _add('unclear_question', sa.Column('labelled_at', MOMENT, nullable=True))
    _add('report', sa.Column('group_id', ID, nullable=True), 'report_group')
    _add('report', sa.Column('topic', sa.String(length=60), nullable=True))
    _add('report', sa.Column('first_answer_at', MOMENT, nullable=True))
    _add('report', sa.Column('solved_at', MOMENT, nullable=True))
    op.create_index(op.f('ix_report_group_id'), 'report', ['group_id'])
    op.create_index(op.f('ix_report_topic'), 'report', ['topic'])
    op.create_index('ix_report_figures', 'report', [
        'created_at', 'region', 'category', 'severity', 'practice_id', 'group_id',
        'first_answer_at', 'solved_at', 'status', 'serial'])
    _fill_reports()


def _add(table: str, column: sa.Column, target: str | None = None) -> None:
    """Add a column, with a reference to the id of `target`."""
    if target is None:
        op.add_column(table, column)
    elif op.get_bind().dialect.name == 'sqlite':
        kind = column.type.compile(op.get_bind().dialect)
        op.execute(f'ALTER TABLE {table} ADD COLUMN {column.name} {kind} REFERENCES {target} (id)')
    else:
        op.add_column(table, column)
        op.create_foreign_key(op.f(f'fk_{table}_{column.name}'), table, target, [column.name], ['id'])


def _fill_reports() -> None:
    op.execute(
        "UPDATE report SET first_answer_at = (SELECT min(e.at) FROM report_event e "
        "WHERE e.report_id = report.id AND e.actor <> 'melder' "
        "AND (e.kind = 'reply' OR (e.kind = 'status' AND e.text IS NOT NULL)))"
    )
    op.execute(
        "UPDATE report SET solved_at = (SELECT max(e.at) FROM report_event e "
        "WHERE e.report_id = report.id AND e.status_to = 'opgelost') WHERE status = 'opgelost'"
    )


def downgrade() -> None:
    """Undo this step; groups, signals, figures and proposals are lost."""
    for name in ('group_id', 'topic', 'figures'):
        op.drop_index(f'ix_report_{name}', 'report')
    for table, columns in (
        ('report', ('group_id', 'topic', 'first_answer_at', 'solved_at')),
        ('unclear_question', ('label', 'labelled_by', 'labelled_at')),
        ('feedback', ('handled_by', 'handled_at')),
        ('desk_user', ('person_id',)),
    ):
        for column in columns:
            op.drop_column(table, column)
    for table in ('meeting_report', 'topic_review', 'proposal', 'content_source', 'signal_reading', 'signal',
                  'signal_rule', 'topic_count', 'group_refusal', 'group_event', 'report_group'):
        op.drop_table(table)
