"""How fast a long job goes, and how long it will still take, for people who wait."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from faqbot.cli.options import say


class Pace:
    """A progress function that says a line per second at most: how far, how fast, how long still."""

    def __init__(self, doing: str, things: str, now: Callable[[], float] = time.monotonic) -> None:
        """Name the job, for example "encoded" and "wordings"."""
        self._doing = doing
        self._things = things
        self._now = now
        self._first: tuple[float, int] | None = None
        self._said = -math.inf

    def __call__(self, done: int, total: int) -> None:
        """Say how far it is; the rate is that since the first step, before which a model may have been loaded."""
        moment = self._now()
        began, before = self._first = self._first or (moment, done)
        if done < total and moment - self._said < 1.0:
            return
        self._said = moment
        line, passed = f"{self._doing} {done} of {total} {self._things}", moment - began
        if done > before and passed > 0:
            rate = (done - before) / passed
            line += f", {rate:.0f} a second"
            if done < total:
                line += f", about {_duration((total - done) / rate)} left"
        say(line)


class StagePace:
    """A progress function for work in stages: a `Pace` per stage."""

    def __init__(self) -> None:
        """Begin with no stage."""
        self._paces = {
            "encoding": Pace("encoded", "texts"),
            "learning": Pace("learned", "parts"),
            "checking": Pace("asked", "test questions"),
        }

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Say how far the stage is, where it has steps."""
        if total:
            self._paces[stage](done, total)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
