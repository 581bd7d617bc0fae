"""Which entries of the draft have problems, quickly: for a list of entries, not for a publication.

Texts are checked as they are now. What only the model can find is that of the last whole check (`faqbot check`, or a
publication, also a refused one), and counts as long as its entries are as they were then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from faqbot.errors import InvalidRequest
from faqbot.language import _
from faqbot.services.checks.findings import CHECKS, Finding, in_order
from faqbot.services.checks.text_checks import check_texts
from faqbot.storage import Draft, DraftState, Findings, KeptFinding

ANY = "any"
"""Stands for every check where one is named."""

Problems = Mapping[str, Sequence[Finding]]
"""By entry id, blocking findings first."""


class ProblemList:
    """Finds the draft's problems without the model, and remembers them until the draft changes."""

    def __init__(self, draft: Draft, findings: Findings) -> None:
        """Bind the draft and what the last whole check found in it."""
        self._draft = draft
        self._findings = findings
        self._known: tuple[DraftState, Problems] | None = None

    def find(self, code: str = ANY) -> Problems:
        """The enabled entries with problems, in the order of their ids.

        Args:
            code: Only entries with this finding, each with all of its findings; `any`: with whatever finding.

        Raises:
            InvalidRequest: There is no such check.
        """
        if code != ANY and code not in CHECKS:
            raise InvalidRequest(
                _(
                    "There is no check '{code}'; there are: {checks}.",
                    code=code[:50],
                    checks=[ANY, *CHECKS],
                )
            )
        state = self._findings.draft_state()
        if self._known is None or self._known[0] != state:
            self._known = (state, self._look())
        problems = self._known[1]
        if code == ANY:
            return problems
        return {entry_id: found for entry_id, found in problems.items() if any(one.code == code for one in found)}

    def keep(self, findings: Iterable[Finding], seen: Mapping[str, int]) -> None:
        """Remember what a whole check found.

        Args:
            findings: Of meaning; those of texts are found anew each time.
            seen: `Draft.revisions` from before the check.
        """
        self._findings.replace(
            [
                KeptFinding(one.code, {entry_id: seen[entry_id] for entry_id in one.entry_ids}, one.texts)
                for one in findings
                if one.entry_ids and seen.keys() >= set(one.entry_ids)
            ]
        )

    def _look(self) -> Problems:
        entries = [entry for entry in self._draft.entries() if entry.enabled]
        kept = (Finding(one.code, tuple(one.revisions), one.texts) for one in self._findings.all())
        by_entry: defaultdict[str, list[Finding]] = defaultdict(list)
        for finding in in_order([*check_texts(entries), *kept]):
            for entry_id in dict.fromkeys(finding.entry_ids):
                by_entry[entry_id].append(finding)
        return dict(sorted(by_entry.items()))
