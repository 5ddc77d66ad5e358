"""The desk of the regional organisation, and the chat in the browser."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

# hours to a deadline at the time of this step, for reports that were there before it
HOURS = {'hoog': 24, 'midden': 168, 'laag': 672}
ITS_TURN = ('nieuw', 'in-behandeling', 'heropend')
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply this step."""
    op.create_table('desk_user',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('login', sa.String(length=200), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('role', sa.String(length=16), nullable=False),
    sa.Column('all_regions', sa.Boolean(), nullable=False),
    sa.Column('regions', sa.JSON(), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=True),
    sa.Column('oidc_subject', sa.String(length=200), nullable=True),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('is_example', sa.Boolean(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('last_login_at', MOMENT, nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_desk_user')),
    sa.UniqueConstraint('login', name=op.f('uq_desk_user_login')),
    sa.UniqueConstraint('oidc_subject', name=op.f('uq_desk_user_oidc_subject'))
    )
    op.create_table('desk_session',
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.String(length=32), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('last_seen_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['desk_user.id'], name=op.f('fk_desk_session_user_id')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_desk_session'))
    )
    op.create_index(op.f('ix_desk_session_user_id'), 'desk_session', ['user_id'])
    op.create_table('audit_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('actor', sa.String(length=64), nullable=False),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('subject', sa.String(length=100), nullable=False),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entry'))
    )
    op.create_index(op.f('ix_audit_entry_at'), 'audit_entry', ['at'])
    op.create_index('ix_audit_entry_actor_id', 'audit_entry', ['actor', 'id'])
    op.create_index('ix_audit_entry_action_id', 'audit_entry', ['action', 'id'])
    op.create_table('region_phase',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region', sa.String(length=32), nullable=False),
    sa.Column('phase', sa.String(length=8), nullable=True),
    sa.Column('since', sa.Date(), nullable=True),
    sa.Column('notice', sa.Text(), nullable=True),
    sa.Column('set_by', sa.String(length=32), nullable=False),
    sa.Column('set_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['set_by'], ['desk_user.id'], name=op.f('fk_region_phase_set_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_region_phase'))
    )
    op.create_index('ix_region_phase_region_id', 'region_phase', ['region', 'id'])
    op.create_table('contact_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('subject', sa.String(length=40), nullable=False),
    sa.Column('value', sa.Text(), nullable=True),
    sa.Column('set_by', sa.String(length=32), nullable=False),
    sa.Column('set_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['set_by'], ['desk_user.id'], name=op.f('fk_contact_entry_set_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_entry'))
    )
    op.create_index('ix_contact_entry_kind_subject_id', 'contact_entry', ['kind', 'subject', 'id'])
    op.create_table('broadcast',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('region', sa.String(length=32), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('created_by', sa.String(length=32), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['created_by'], ['desk_user.id'], name=op.f('fk_broadcast_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_broadcast'))
    )
    op.create_index(op.f('ix_broadcast_created_at'), 'broadcast', ['created_at'])
    op.create_table('api_token',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('all_regions', sa.Boolean(), nullable=False),
    sa.Column('regions', sa.JSON(), nullable=False),
    sa.Column('created_by', sa.String(length=32), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('revoked_at', MOMENT, nullable=True),
    sa.Column('last_used_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['created_by'], ['desk_user.id'], name=op.f('fk_api_token_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_token')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_api_token_token_hash'))
    )
    op.create_table('invitation',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('practice_id', sa.String(length=32), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('created_by', sa.String(length=32), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('expires_at', MOMENT, nullable=False),
    sa.Column('revoked_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['created_by'], ['desk_user.id'], name=op.f('fk_invitation_created_by')),
    sa.ForeignKeyConstraint(['practice_id'], ['practice.id'], name=op.f('fk_invitation_practice_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_invitation_token_hash'))
    )
    op.create_table('web_message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.String(length=32), nullable=False),
    sa.Column('outbox_id', sa.Integer(), nullable=True),
    sa.Column('payload', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('read_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_web_message_account_id')),
    sa.ForeignKeyConstraint(['outbox_id'], ['outbox.id'], name=op.f('fk_web_message_outbox_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_web_message')),
    sa.UniqueConstraint('outbox_id', name=op.f('uq_web_message_outbox_id')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_web_message_account_id_id', 'web_message', ['account_id', 'id'])
    op.create_index(op.f('ix_web_message_created_at'), 'web_message', ['created_at'])

    # not in batches: SQLite would make tables anew to which others point
    _add('account', sa.Column('invitation_id', sa.String(length=32), nullable=True), 'invitation')
    _add('outbox', sa.Column('broadcast_id', sa.String(length=32), nullable=True), 'broadcast')
    op.create_index(op.f('ix_outbox_broadcast_id'), 'outbox', ['broadcast_id'])
    _add('report_event', sa.Column('field', sa.String(length=16), nullable=True))
    _add('report_event', sa.Column('value_from', sa.String(length=100), nullable=True))
    _add('report_event', sa.Column('value_to', sa.String(length=100), nullable=True))
    _add('report_event', sa.Column('outbox_id', sa.Integer(), nullable=True), 'outbox')
    _add('report', sa.Column('serial', sa.BigInteger(), nullable=False, server_default='0'))
    _add('report', sa.Column('forwarded_to', sa.String(length=16), nullable=True))
    _add('report', sa.Column('owner_id', sa.String(length=32), nullable=True), 'desk_user')
    _add('report', sa.Column('due_at', MOMENT, nullable=True))
    _add('report', sa.Column('has_reaction', sa.Boolean(), nullable=False, server_default=sa.false()))
    _add('report', sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
    _add('report', sa.Column('search_text', sa.Text(), nullable=False, server_default=''))
    _add('report', sa.Column('is_example', sa.Boolean(), nullable=False, server_default=sa.false()))
    _fill_reports()
    op.create_index('ix_report_serial', 'report', ['serial'], unique=True)
    op.execute('CREATE INDEX ix_report_deadline ON report ((due_at IS NULL), due_at, serial DESC)')
    op.create_index('ix_report_created_at', 'report', ['created_at'])
    op.create_index('ix_report_region_status', 'report', ['region', 'status'])
    op.create_index('ix_report_status_due_at', 'report', ['status', 'due_at'])
    op.create_index('ix_report_category', 'report', ['category'])
    op.create_index('ix_report_severity', 'report', ['severity'])
    op.create_index(op.f('ix_report_owner_id'), 'report', ['owner_id'])
    _make_search()


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
        "UPDATE report SET serial = year * 1000000 + number, search_text = reference || ' ' || "
        "number || ' ' || category || ' ' || description || ' ' || coalesce(tried, '') || ' ' || "
        "coalesce((SELECT name FROM practice WHERE practice.id = report.practice_id), '')"
    )
    sqlite = op.get_bind().dialect.name == 'sqlite'
    for severity, hours in HOURS.items():
        later = (
            f"datetime(created_at, '+{hours} hours') || '.000000'"
            if sqlite
            else f"created_at + interval '{hours} hours'"
        )
        op.execute(
            f"UPDATE report SET due_at = {later} WHERE severity = '{severity}' "
            f"AND status IN {ITS_TURN}"
        )


def _make_search() -> None:
    """The database's own full-text search; `search_text` is kept up to date by the store."""
    if op.get_bind().dialect.name == 'sqlite':
        op.execute(
            "CREATE VIRTUAL TABLE report_search USING fts5(body, content='', prefix='2 3', "
            "tokenize='unicode61 remove_diacritics 2')"
        )
        op.execute("INSERT INTO report_search(rowid, body) SELECT serial, search_text FROM report")
        forget = (
            "INSERT INTO report_search(report_search, rowid, body) "
            "VALUES ('delete', old.serial, old.search_text);"
        )
        keep = "INSERT INTO report_search(rowid, body) VALUES (new.serial, new.search_text);"
        for name, moment, body in (
            ('report_search_insert', 'AFTER INSERT', keep),
            ('report_search_update', 'AFTER UPDATE OF search_text', forget + keep),
            ('report_search_delete', 'AFTER DELETE', forget),
        ):
            op.execute(f'CREATE TRIGGER {name} {moment} ON report BEGIN {body} END')
    else:
        op.execute(
            "ALTER TABLE report ADD COLUMN search_vector tsvector "
            "GENERATED ALWAYS AS (to_tsvector('simple', search_text)) STORED"
        )
        op.execute('CREATE INDEX ix_report_search_vector ON report USING gin (search_vector)')


def downgrade() -> None:
    """Undo this step; what officers did is lost."""
    sqlite = op.get_bind().dialect.name == 'sqlite'
    if sqlite:
        for name in ('insert', 'update', 'delete'):
            op.execute(f'DROP TRIGGER report_search_{name}')
        op.execute('DROP TABLE report_search')
    else:
        op.execute('ALTER TABLE report DROP COLUMN search_vector')
    for name in ('serial', 'deadline', 'created_at', 'region_status', 'status_due_at',
                 'category', 'severity', 'owner_id'):
        op.drop_index(f'ix_report_{name}', 'report')
    op.drop_index('ix_outbox_broadcast_id', 'outbox')
    for table, column in (('account', 'invitation_id'), ('outbox', 'broadcast_id'),
                          ('report', 'owner_id'), ('report_event', 'outbox_id')):
        op.drop_column(table, column)
    for column in ('serial', 'forwarded_to', 'due_at', 'has_reaction', 'version', 'search_text', 'is_example'):
        op.drop_column('report', column)
    for column in ('field', 'value_from', 'value_to'):
        op.drop_column('report_event', column)
    for table in ('web_message', 'invitation', 'api_token', 'broadcast', 'contact_entry',
                  'region_phase', 'audit_entry', 'desk_session', 'desk_user'):
        op.drop_table(table)

