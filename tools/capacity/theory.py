"""What queueing theory says where it has an answer, to hold the simulation against."""


def erlang_c(workers: int, load: float) -> float:
    """The chance that a message must wait in M/M/c; `load` is arrivals times service time.

    Raises:
        ValueError: the load is not below the number of workers.
    """
    if not 0 < load < workers:
        raise ValueError(f"load {load} must be between 0 and the {workers} workers")
    # Erlang B by its recursion, which does not overflow
    blocked = 1.0
    for number in range(1, workers + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked / (1 - load / workers * (1 - blocked))


def mean_wait_mmc(workers: int, rate: float, service_s: float) -> float:
    """Mean seconds of waiting for a worker in M/M/c, `rate` messages per second."""
    load = rate * service_s
    return erlang_c(workers, load) * service_s / (workers - load)


def mean_wait_md1(rate: float, service_s: float) -> float:
    """Mean seconds of waiting in M/D/1: half that of M/M/1."""
    load = rate * service_s
    if not 0 < load < 1:
        raise ValueError(f"load {load} must be between 0 and 1")
    return load * service_s / (2 * (1 - load))
