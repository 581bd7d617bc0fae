"""What a file holds that has no home here: counted and named, so that nobody finds out later."""

from __future__ import annotations

from dataclasses import dataclass

from faqbot.language import Text, _


@dataclass(frozen=True, slots=True)
class Loss:
    """One kind of content that is left aside.

    Attributes:
        what: What it is called in the file.
        count: How many rows, cells or values of it there are.
        why: What becomes of it, without a full stop.
    """

    what: str
    count: int
    why: str

    @property
    def told(self) -> Text:
        """One line for people."""
        return _("{what} ({count}): {why}", what=self.what, count=self.count, why=self.why)


NO_FIELD = _("there is no such field here")


class Losses:
    """Collects losses while a file is read."""

    def __init__(self) -> None:
        """Nothing is lost yet."""
        self._counts: dict[tuple[str, str], int] = {}

    def add(self, what: str, why: str = NO_FIELD, count: int = 1) -> None:
        """Count something that is left aside; a count of 0 is ignored."""
        if count:
            self._counts[what, why] = self._counts.get((what, why), 0) + count

    def all(self) -> tuple[Loss, ...]:
        """What was collected, in the order in which it was first met."""
        return tuple(Loss(what, count, why) for (what, why), count in self._counts.items())
