"""Publishing in spite of a check: what may be overridden, and what the refusal says."""

from __future__ import annotations

from collections.abc import Sequence

from faqbot.contract import to_json
from faqbot.errors import InvalidRequest, PublishRefused
from faqbot.language import _, _n
from faqbot.services.checks.findings import CHECKS, CheckReport, Override

# Without these nothing could be said or encoded; the entry can be disabled instead.
NEVER = frozenset({"no_answer", "empty_wording"})

_DETAILS = 100
_NAMED = 5


def check_overrides(overrides: Sequence[Override]) -> None:
    """Refuse overrides that make no sense.

    Raises:
        InvalidRequest: One names no check that can be overridden, or gives no reason.
    """
    possible = [code for code, check in CHECKS.items() if check.severity == "blocking" and code not in NEVER]
    for override in overrides:
        if override.code not in possible:
            raise InvalidRequest(
                _(
                    "'{code}' cannot be overridden; what can be: {possible}.",
                    code=override.code,
                    possible=list(possible),
                )
            )
        if not override.note.strip():
            raise InvalidRequest(_("Overriding '{code}' needs a note that says why.", code=override.code))


def refuse_blocking(report: CheckReport) -> None:
    """Stop a publication that a check forbids.

    Raises:
        PublishRefused: A blocking finding was not overridden; the details hold the findings.
    """
    if not report.blocking:
        return
    # Keys in place of a list: an entry may have several findings of one check, and is named once.
    found: dict[str, dict[str, None]] = {}
    for finding in report.blocking:
        found.setdefault(finding.code, {})["/".join(finding.entry_ids) or finding.texts[0]] = None
    parts = [
        f"{code} ({', '.join([*names][:_NAMED])}{', ...' if len(names) > _NAMED else ''})"
        for code, names in found.items()
    ]
    raise PublishRefused(
        _n(
            "{count} finding stops the publication: {parts}. `faqbot check` lists it.",
            "{count} findings stop the publication: {parts}. `faqbot check` lists them.",
            len(report.blocking),
            parts="; ".join(parts),
        ),
        details=[to_json(finding) for finding in report.blocking[:_DETAILS]],
    )
