"""Alembic's entry: runs the migrations on the connection it is given."""

from alembic import context

import bottlenecks.models_content  # noqa: F401  (its tables belong to Base)
import bottlenecks.models_desk  # noqa: F401  (the same)
import bottlenecks.models_insight  # noqa: F401  (the same)
import bottlenecks.models_reports  # noqa: F401  (the same)
from bottlenecks.models import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
