"""Hold back who tries many addresses that do not exist, without a row for each try.

Reading writes nothing to the database, so the tries are counted in the memory of the process, by
network, for a minute. What is guarded is long enough not to be found by trying: this spares the
machine, and no office waits longer than that minute for what somebody in it has tried.
"""

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from threading import Lock

MOST_NETWORKS = 10_000
"""How many networks are remembered; the one that was quiet longest is forgotten first."""


class NetworkPace:
    """So many tries of one network within such a time."""

    def __init__(self, tries: int, window: timedelta) -> None:
        self._tries, self._window = tries, window
        self._seen: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = Lock()

    def wait(self, network: str, now: datetime) -> timedelta:
        """Return how long the network has to wait; nothing while it is under the limit."""
        with self._lock:
            tried = self._recent(network, now)
            if len(tried) < self._tries:
                return timedelta(0)
            return max(timedelta(0), tried[0] + self._window - now)

    def count(self, network: str, now: datetime) -> None:
        """Note a try that has found nothing."""
        with self._lock:
            tried = self._recent(network, now)
            tried.append(now)
            while len(tried) > self._tries:
                tried.popleft()
            self._seen[network] = tried
            self._seen.move_to_end(network)
            while len(self._seen) > MOST_NETWORKS:
                self._seen.popitem(last=False)

    def _recent(self, network: str, now: datetime) -> deque[datetime]:
        """Return the tries that still count, the oldest first."""
        tried = self._seen.get(network, deque())
        while tried and tried[0] <= now - self._window:
            tried.popleft()
        return tried
