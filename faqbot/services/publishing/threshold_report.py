"""What the thresholds of a version are, what moved them, and by how much."""

from __future__ import annotations

from faqbot.errors import VersionNotFound
from faqbot.language import _
from faqbot.matching.decision.learned_bytes import unpack
from faqbot.matching.model.fitted import Fitted
from faqbot.matching.model.thresholds import Thresholds
from faqbot.services.values.thresholds import EarlierThresholds, ThresholdReport, TrafficEffect
from faqbot.storage import TrafficEffects, Versions


def threshold_report(versions: Versions, effects: TrafficEffects, number: int | None = None) -> ThresholdReport:
    """The thresholds of a version as they were learned, those before it, and what traffic did since.

    Args:
        versions: Where it is.
        effects: What traffic did.
        number: The version; unset: the one that customers have.

    Raises:
        VersionNotFound: There is no such version, or what was learned from it cannot be read.
    """
    current, _generation = versions.current()
    chosen = current if number is None else number
    if chosen is None:
        raise VersionNotFound(_("Nothing is published yet: import a knowledge base and run `faqbot publish`."))
    found = _thresholds(versions, chosen)
    if found is None:
        raise VersionNotFound(
            _("What was learned from version {number} cannot be read by this release; publish again.", number=chosen)
        )
    replaced = next(row.replaced for row in versions.all() if row.number == chosen)
    earlier = None if replaced is None else _thresholds(versions, replaced)
    told = effects.last(chosen)
    return ThresholdReport(
        version=chosen,
        answer=found.answer,
        suggest=found.suggest,
        coverage=found.coverage,
        precision=found.precision,
        share=found.share,
        share_source=found.share_source,
        lessons=found.lessons,
        before=EarlierThresholds(replaced, earlier.answer, earlier.suggest, earlier.coverage)
        if replaced is not None and earlier
        else None,
        traffic=TrafficEffect(told.at, **told.after) if told and told.after else None,
    )


def _thresholds(versions: Versions, number: int) -> Thresholds | None:
    learned = versions.get(number).learned
    try:
        return Fitted.from_bytes(unpack(learned.fitted)[0]).thresholds if learned else None
    except ValueError:
        return None
