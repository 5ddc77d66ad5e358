"""Questions to learn from."""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table('unclear_question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('outcome', sa.String(length=16), nullable=False),
    sa.Column('topic', sa.String(length=60), nullable=True),
    sa.Column('confidence', sa.Float(), nullable=False),
    sa.Column('candidates', sa.JSON(), nullable=False),
    sa.Column('chosen', sa.String(length=60), nullable=True),
    sa.Column('knowledge_revision', sa.String(length=16), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('chosen_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unclear_question')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('unclear_question', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_unclear_question_created_at'), ['created_at'], unique=False)



def downgrade() -> None:
    """Undo this step."""
    with op.batch_alter_table('unclear_question', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_unclear_question_created_at'))

    op.drop_table('unclear_question')
