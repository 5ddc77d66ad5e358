"""How many workers a morning peak needs: a queueing simulation fed with measured service times.

`python -m tools.capacity` (`make capacity`); what came of it is in docs/capacity.md.
"""
