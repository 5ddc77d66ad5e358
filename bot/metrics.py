"""Figures for Prometheus about the service itself: no personal data, and no ids."""

import logging
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from bot.meter import Delivered
from bottlenecks.store import Database
from bottlenecks.store.database import utc_now
from bottlenecks.tidying import Tidied

LOGGER = logging.getLogger(__name__)

CONTENT_TYPE = CONTENT_TYPE_LATEST
# an answer takes some tens of milliseconds; what takes seconds is what an operator looks for
BUCKETS_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Counts in a registry of its own; a `bot.meter.Meter`."""

    def __init__(self, database: Database) -> None:
        """`database` is looked at when the figures are asked for."""
        self._registry = CollectorRegistry()
        self._updates = Counter(
            "regiowijzer_updates",
            "Attempts to handle an update that came in.",
            ["channel", "result"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "regiowijzer_update_seconds",
            "How long handling an update took.",
            ["channel"],
            buckets=BUCKETS_S,
            registry=self._registry,
        )
        self._decisions = Counter(
            "regiowijzer_decisions",
            "Questions, by what became of them: answered, clarified or declined.",
            ["outcome"],
            registry=self._registry,
        )
        self._deliveries = Counter(
            "regiowijzer_deliveries",
            "Attempts to deliver a reply: delivered, postponed or given up.",
            ["channel", "result"],
            registry=self._registry,
        )
        self._tidyings = Counter(
            "regiowijzer_tidyings",
            "Attempts to erase what is kept no longer.",
            ["result"],
            registry=self._registry,
        )
        self._last_tidied: Tidied | None = None
        self._registry.register(_Queues(database))
        ProcessCollector(registry=self._registry)

    def handled(self, channel: str, *, failed: bool, seconds: float) -> None:
        """See `Meter`."""
        self._updates.labels(channel, "failed" if failed else "handled").inc()
        self._seconds.labels(channel).observe(seconds)

    def decided(self, outcome: str) -> None:
        """See `Meter`."""
        self._decisions.labels(outcome).inc()

    def delivered(self, channel: str, result: Delivered) -> None:
        """See `Meter`."""
        self._deliveries.labels(channel, result).inc()

    def tidied(self, *, failed: bool) -> None:
        """See `Meter`."""
        self._tidyings.labels("failed" if failed else "done").inc()
        self._last_tidied = Tidied(utc_now(), failed)

    def last_tidied(self) -> Tidied | None:
        """The last time that what is kept no longer was erased; None: not yet by this process."""
        return self._last_tidied

    def page(self) -> bytes:
        """All figures at this moment, in Prometheus' text format (`CONTENT_TYPE`)."""
        return generate_latest(self._registry)


class _Queues(Collector):
    """Reads the queues when they are asked for, so that every process tells the same."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def describe(self) -> Iterator[Metric]:
        """The names; without this the database would be read at registration."""
        yield from _families()

    def collect(self) -> Iterator[Metric]:
        up, length, oldest = _families()
        try:
            with self._database.reading() as work:
                queues = work.health.queues()
        except SQLAlchemyError as error:
            LOGGER.error("the queues cannot be read", exc_info=error)
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        for queue in queues:
            length.add_metric([queue.name, queue.status], queue.length)
            oldest.add_metric([queue.name, queue.status], queue.oldest_s)
        yield from (up, length, oldest)


def _families() -> tuple[GaugeMetricFamily, GaugeMetricFamily, GaugeMetricFamily]:
    labels = ["queue", "status"]
    return (
        GaugeMetricFamily(
            "regiowijzer_database_up", "Whether the database can be read.", labels=[]
        ),
        GaugeMetricFamily(
            "regiowijzer_queue_length", "Updates and replies, by status.", labels=labels
        ),
        GaugeMetricFamily(
            "regiowijzer_queue_oldest_seconds", "Age of the oldest of them.", labels=labels
        ),
    )
