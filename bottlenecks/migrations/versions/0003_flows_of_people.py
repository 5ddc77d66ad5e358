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
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_flow_participant_conversation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_flow_participant_person_id')),
    sa.ForeignKeyConstraint(['run_id'], ['flow_run.id'], name=op.f('fk_flow_participant_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_flow_participant')),
    sa.UniqueConstraint('run_id', 'person_id', name=op.f('uq_flow_participant_run_id_person_id'))
    )
    with op.batch_alter_table('flow_participant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_flow_participant_conversation_id'), ['conversation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_flow_participant_person_id'), ['person_id'], unique=False)

    # who is in the middle of a flow stays there
    op.execute(
        "INSERT INTO flow_participant (run_id, person_id, number, conversation_id, joined_at) "
        "SELECT flow_run.id, account.person_id, 1, conversation.id, flow_run.created_at "
        "FROM flow_run JOIN conversation ON conversation.id = flow_run.conversation_id "
        "JOIN account ON account.id = conversation.account_id WHERE flow_run.status = 'active'"
    )
    with op.batch_alter_table('flow_run', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_flow_run_conversation_id'))
        batch_op.drop_constraint(batch_op.f('fk_flow_run_conversation_id'), type_='foreignkey')
        batch_op.drop_column('conversation_id')

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
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_column('role')
        batch_op.drop_column('region')

    op.drop_table('access_code')
    with op.batch_alter_table('flow_run', schema=None) as batch_op:
        batch_op.add_column(sa.Column('conversation_id', sa.String(length=32), nullable=True))

    op.execute(
        "UPDATE flow_run SET conversation_id = (SELECT conversation_id FROM flow_participant "
        "WHERE flow_participant.run_id = flow_run.id AND number = 1)"
    )
    op.drop_table('flow_participant')
    op.execute("DELETE FROM flow_run WHERE conversation_id IS NULL")
    with op.batch_alter_table('flow_run', schema=None) as batch_op:
        batch_op.alter_column('conversation_id', nullable=False)
        batch_op.create_foreign_key(batch_op.f('fk_flow_run_conversation_id'), 'conversation', ['conversation_id'], ['id'])
        batch_op.create_index(batch_op.f('ix_flow_run_conversation_id'), ['conversation_id'], unique=False)
