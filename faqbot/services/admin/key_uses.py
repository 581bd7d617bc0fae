"""When keys are used, from where, and how often wrong ones are tried: written in the background, at a bounded rate."""

from __future__ import annotations

import atexit
import logging
import threading
from collections import Counter
from time import monotonic

from faqbot.errors import FaqbotError
from faqbot.storage import AuditLog, Change, KeyRow, Keys, KeyUse, now

_log = logging.getLogger(__name__)

_SECONDS = 1.0
_MINUTE, _HOUR = 60.0, 3600.0
_NETWORKS = 1000
_NETWORKS_TOLD = 20


class KeyUses:
    """Keeps the last use of each key, to the minute. Safe to share among threads; close it when the process ends.

    Wrong keys become one line of the audit log a minute, and fewer while they go on, so that no stranger can fill it:
    the pause doubles up to an hour, and halves for each in which nobody tried one.
    """

    def __init__(self, keys: Keys, audit: AuditLog) -> None:
        """Bind where it is kept; nothing is written before the first use."""
        self._keys = keys
        self._audit = audit
        self._lock = threading.Lock()
        self._storing = threading.Lock()
        self._used: dict[int, tuple[str, set[str]]] = {}
        self._written: dict[int, float] = {}
        self._refused: Counter[str] = Counter()
        self._pause, self._again = _MINUTE, 0.0
        self._closed = threading.Event()
        self._writer: threading.Thread | None = None

    def note(self, row: KeyRow, network: str) -> None:
        """Take note that a key was used; waits for nothing.

        Args:
            row: The key.
            network: From where. Not kept for keys of role `ask`, which customers' browsers may send.
        """
        with self._lock:
            _before, networks = self._used.get(row.key_id, ("", set()))
            if row.role != "ask" and len(networks) < _NETWORKS:
                networks.add(network)
            self._used[row.key_id] = now(), networks
            self._start()

    def note_refusal(self, network: str) -> None:
        """Take note that somebody sent a wrong key; waits for nothing."""
        with self._lock:
            self._refused[network if network in self._refused or len(self._refused) < _NETWORKS else ""] += 1
            self._start()

    def flush(self) -> None:
        """Write all that waits, due or not; returns once it is written."""
        self._store(due=False)

    def close(self) -> None:
        """Write what is waiting and stop."""
        self._closed.set()
        if self._writer is not None:
            atexit.unregister(self.close)
            self._writer.join()

    def _start(self) -> None:
        # A process that was forked since has no writer of its own yet.
        if not self._closed.is_set() and (self._writer is None or not self._writer.is_alive()):
            self._writer = threading.Thread(target=self._write, name="key-uses", daemon=True)
            self._writer.start()
            atexit.register(self.close)

    def _write(self) -> None:
        while not self._closed.wait(_SECONDS):
            self._store(due=True)
        self.flush()

    def _store(self, *, due: bool) -> None:
        with self._storing:
            moment = monotonic()
            with self._lock:
                uses = self._take_uses(moment, due=due)
                refused = self._take_refused(moment, due=due)
            try:
                if uses:
                    self._keys.note_uses(uses)
                if refused:
                    self._audit.record(_change(refused))
            except FaqbotError as error:
                _log.warning("The use of keys was not kept: %s", error)

    def _take_uses(self, moment: float, *, due: bool) -> list[KeyUse]:
        ready = [number for number in self._used if not due or moment - self._written.get(number, -_HOUR) >= _MINUTE]
        self._written |= dict.fromkeys(ready, moment)
        taken = {number: self._used.pop(number) for number in ready}
        return [KeyUse(number, at, frozenset(networks)) for number, (at, networks) in taken.items()]

    def _take_refused(self, moment: float, *, due: bool) -> Counter[str]:
        if due and moment < self._again:
            return Counter()
        refused, self._refused = self._refused, Counter()
        if refused:
            self._again = moment + self._pause
            self._pause = min(2 * self._pause, _HOUR)
        elif self._again:
            self._pause = max(self._pause / 2, _MINUTE)
            self._again = moment + self._pause
        return refused


def _change(refused: Counter[str]) -> Change:
    named = Counter({network: count for network, count in refused.items() if network})
    told = dict(named.most_common(_NETWORKS_TOLD))
    subject = next(iter(told)) if len(refused) == len(told) == 1 else ""
    others = refused.total() - sum(told.values())
    return Change("key.refused", subject, None, {"wrong_keys": refused.total(), "networks": told, "others": others})
