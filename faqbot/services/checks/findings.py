"""What a check of a knowledge base finds, and every check with its explanation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from faqbot.language import LANGUAGES, Text, _, translated

Severity = Literal["blocking", "warning"]
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of problem.

    Attributes:
        severity: Whether it stops a publication, unless it is overridden.
        explanation: What is wrong and what to do; `{first}` and `{second}` stand for the finding's texts.
    """

    severity: Severity
    explanation: Text


CHECKS: dict[str, Check] = {
    "no_answer": Check("blocking", _("It has no answer: write one, or disable it.")),
    "empty_wording": Check("blocking", _("A wording is empty (“{first}”): fill it in or remove it.")),
    "duplicate_wording": Check(
        "blocking",
        _("“{first}” is a wording of several entries, of which customers only ever get one: keep it in one place."),
    ),
    "conflicting_answers": Check(
        "blocking",
        _(
            "“{first}” and “{second}” ask nearly the same but are answered differently: merge "
            "them, or say what differs."
        ),
    ),
    "placeholder": Check("blocking", _("The answer holds a placeholder, “{first}”: fill it in.")),
    "unsafe_content": Check(
        "blocking", _("The answer or an attachment holds an unsafe link or HTML (“{first}”): remove it.")
    ),
    "regression": Check(
        "blocking", _("The test question “{first}” passes on the current version and fails on the draft ({second}).")
    ),
    "failing_test": Check(
        "warning",
        _(
            "The test question “{first}” fails on the draft ({second}); it fails on the "
            "current version too, or there is none."
        ),
    ),
    "possible_conflict": Check(
        "warning", _("“{first}” and “{second}” may ask the same and are answered differently: have a look.")
    ),
    "duplicate_question": Check(
        "warning", _("“{first}” and “{second}” ask nearly the same and have the same answer: they could be one entry.")
    ),
    "wording_won_by_other": Check(
        "warning",
        _(
            "Without the wording “{first}”, customers who ask so would get the answer of "
            "“{second}”: it may be in the wrong entry."
        ),
    ),
    "steals_questions": Check(
        "warning", _("It wins {first} wordings of other entries (such as “{second}”): its wordings may be too general.")
    ),
    "outlier_wording": Check(
        "warning", _("The wording “{first}” is far from the entry's other wordings: it may be in the wrong entry.")
    ),
    "long_wording": Check(
        "warning", _("The wording “{first}” is longer than what the model reads, so its end has no effect: shorten it.")
    ),
    "long_answer": Check(
        "warning", _("The answer has {first} characters, more than {second}: many channels will cut it off.")
    ),
    "insecure_link": Check(
        "warning", _("The link “{first}” in the answer or an attachment is not encrypted: use https.")
    ),
    "unknown_prompt": Check(
        "warning", _("The follow-up “{first}” is no enabled entry and is not shown: correct or remove it.")
    ),
    "missing_language": Check(
        "warning",
        _("The knowledge base speaks “{first}”, but {second} of its entries have no wording or answer in it."),
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem.

    Attributes:
        code: A key of `CHECKS`.
        entry_ids: The entries concerned.
        texts: What the explanation quotes.
    """

    code: str
    entry_ids: tuple[str, ...]
    texts: tuple[str, ...] = ()

    @property
    def severity(self) -> Severity:
        """Whether it stops a publication."""
        return CHECKS[self.code].severity

    @property
    def explanation(self) -> Text:
        """What is wrong and what to do, in one sentence."""
        shown = (text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…" for text in self.texts)
        return Text(CHECKS[self.code].explanation, dict(zip(("first", "second"), shown, strict=False)))


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody's decision to publish in spite of a check.

    Attributes:
        code: A blocking key of `CHECKS`.
        note: Why.
    """

    code: str
    note: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What the checks found in a draft.

    Attributes:
        findings: Blocking ones first.
        overrides: Which blocking codes were let pass.
        complete: Whether every check ran; those of meaning wait until no text is empty.
    """

    findings: tuple[Finding, ...]
    overrides: tuple[Override, ...] = ()
    complete: bool = True

    @property
    def counts(self) -> dict[str, int]:
        """Findings per code."""
        return dict(Counter(finding.code for finding in self.findings))

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings that stop a publication and were not overridden."""
        passed = {override.code for override in self.overrides}
        return tuple(f for f in self.findings if f.severity == "blocking" and f.code not in passed)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Blocking findings first, then in the order of `CHECKS` and of the entries."""
    places = {code: place for place, code in enumerate(CHECKS)}
    return tuple(sorted(findings, key=lambda one: (places[one.code], one.entry_ids, one.texts)))


def finding_json(finding: Finding) -> dict[str, object]:
    """A finding as the API and the command line show it."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "entries": list(finding.entry_ids),
        "texts": list(finding.texts),
        "explanation": {language: translated(finding.explanation, language) for language in LANGUAGES},
    }


def report_json(report: CheckReport, most: int | None = None) -> dict[str, object]:
    """A report as the API and the command line show it, with so many findings at most."""
    return {
        "publishable": not report.blocking,
        "complete": report.complete,
        "counts": report.counts,
        "findings": [finding_json(finding) for finding in report.findings[:most]],
        "overrides": [{"code": override.code, "note": override.note} for override in report.overrides],
    }
