"""How fast a long job goes, and how long it will still take, for people who wait."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from faqbot.cli.terminal import say
from faqbot.language import Text, _, _n

Step = Callable[[int, int], Text]
"""Says how far a job is, from (steps done, steps in all)."""


def encoded(done: int, total: int) -> Text:
    """How many texts have their vectors."""
    return _n("encoded {done} of {count} text", "encoded {done} of {count} texts", total, done=done)


def learned(done: int, total: int) -> Text:
    """How many parts of learning are done."""
    return _n("learned {done} of {count} part", "learned {done} of {count} parts", total, done=done)


def asked(done: int, total: int) -> Text:
    """How many questions were asked."""
    return _n("asked {done} of {count} question", "asked {done} of {count} questions", total, done=done)


class Pace:
    """A progress function that says a line per second at most: how far, how fast, how long still."""

    def __init__(self, step: Step, now: Callable[[], float] = time.monotonic) -> None:
        """Take what says how far the job is, such as `encoded`."""
        self._step = step
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
        line, passed = self._step(done, total), moment - began
        if done > before and passed > 0:
            rate = (done - before) / passed
            line = _("{line}, {rate:.0f} a second", line=line, rate=rate)
            if done < total:
                line = _("{line}, about {time} left", line=line, time=_duration((total - done) / rate))
        say(line)


class StagePace:
    """A progress function for work in stages: a `Pace` per stage."""

    def __init__(self) -> None:
        """Begin with no stage."""
        self._paces = {"encoding": Pace(encoded), "learning": Pace(learned), "checking": Pace(asked)}

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Say how far the stage is, where it has steps."""
        if total:
            self._paces[stage](done, total)


def _duration(seconds: float) -> Text:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return _("{hours} h {minutes} min", hours=hours, minutes=minutes)
    if minutes:
        return _("{minutes} min {seconds} s", minutes=minutes, seconds=rest)
    return _("{seconds} s", seconds=rest)
