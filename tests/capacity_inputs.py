"""A morning and a worker, made up, for the tests of the capacity simulation."""

from tools.capacity.assumptions import Assumptions
from tools.capacity.service import Service

PEAK = Assumptions()
SERVICE = Service(
    "Regiowijzer, PostgreSQL",
    "2 cores Testchip (x86_64)",
    "capacity.json",
    ((0.0, 60.0), (0.5, 100.0), (0.95, 200.0), (1.0, 400.0)),
    80.0,
    ((1, 9), (2, 1)),
)
