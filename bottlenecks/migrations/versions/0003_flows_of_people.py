"""Flows belong to people, not to one conversation; codes; a person's region and role."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table('flow_participant',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('conversation_id', sa.String(length=32), nullable=True),
    sa.Column('joined_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_flow_participant_conversation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_flow_participant_person_id')),
    sa.ForeignKeyConstraint(['run_id'], ['flow_run.id'], name=op.f('fk_flow_participant_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_flow_participant')),
    sa.UniqueConstraint('run_id', 'person_id', name=op.f('uq_flow_participant_run_id_person_id'))
    )
    with op.batch_alter_table('flow_participant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_flow_participant_conversation_id'), ['conversation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_flow_participant_person_id'), ['person_id'], unique=False)

    # who is in the middle of a flow stays there; SQLite makes flow_run anew below, which it
    # refuses while rows of another table point to it
    op.execute(
        "CREATE TEMPORARY TABLE moved AS "
        "SELECT flow_run.id AS run_id, account.person_id AS person_id, "
        "conversation.id AS conversation_id, flow_run.created_at AS joined_at "
        "FROM flow_run JOIN conversation ON conversation.id = flow_run.conversation_id "
        "JOIN account ON account.id = conversation.account_id WHERE flow_run.status = 'active'"
    )
    with op.batch_alter_table('flow_run', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_flow_run_conversation_id'))
        batch_op.drop_constraint(batch_op.f('fk_flow_run_conversation_id'), type_='foreignkey')
        batch_op.drop_column('conversation_id')

    op.execute(
        "INSERT INTO flow_participant (run_id, person_id, number, conversation_id, joined_at) "
        "SELECT run_id, person_id, 1, conversation_id, joined_at FROM moved"
    )
    op.execute("DROP TABLE moved")

    op.create_table('access_code',
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.String(length=32), nullable=False),
    sa.Column('run_id', sa.String(length=32), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_access_code_person_id')),
    sa.ForeignKeyConstraint(['run_id'], ['flow_run.id'], name=op.f('fk_access_code_run_id')),
    sa.PrimaryKeyConstraint('code_hash', name=op.f('pk_access_code'))
    )
    with op.batch_alter_table('access_code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_access_code_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_access_code_run_id'), ['run_id'], unique=False)

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(sa.Column('region', sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column('role', sa.String(length=24), nullable=True))


def downgrade() -> None:
    """Undo this step; flows that are put aside, and the parts of colleagues, are lost."""
    # not in a batch: SQLite would make person anew, to which other tables point
    op.drop_column('person', 'role')
    op.drop_column('person', 'region')
    op.drop_table('access_code')
    op.execute(
        "CREATE TEMPORARY TABLE moved AS SELECT run_id, conversation_id "
        "FROM flow_participant WHERE number = 1 AND conversation_id IS NOT NULL"
    )
    op.drop_table('flow_participant')
    with op.batch_alter_table('flow_run', schema=None) as batch_op:
        batch_op.add_column(sa.Column('conversation_id', sa.String(length=32), nullable=True))

    op.execute(
        "UPDATE flow_run SET conversation_id = (SELECT conversation_id FROM moved "
        "WHERE moved.run_id = flow_run.id)"
    )
    op.execute("DROP TABLE moved")
    op.execute("DELETE FROM flow_run WHERE conversation_id IS NULL")
    with op.batch_alter_table('flow_run', schema=None) as batch_op:
        batch_op.alter_column('conversation_id', nullable=False)
        batch_op.create_foreign_key(batch_op.f('fk_flow_run_conversation_id'), 'conversation', ['conversation_id'], ['id'])
        batch_op.create_index(batch_op.f('ix_flow_run_conversation_id'), ['conversation_id'], unique=False)
