"""What a check of a knowledge base finds, and every check with its explanation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import computed_field

from faqbot.contract import named
from faqbot.language import LANGUAGES, Language, Text, _, translated

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
    """One problem that a check found.

    Attributes:
        code: A key of `CHECKS`.
        entry_ids: The entries concerned.
        texts: What the explanation quotes.
    """

    code: str
    entry_ids: Annotated[tuple[str, ...], named("entries")]
    texts: tuple[str, ...] = ()

    @computed_field  # type: ignore[prop-decorator]
    @property
    def severity(self) -> Severity:
        """Whether it stops a publication."""
        return CHECKS[self.code].severity

    @computed_field(alias="explanation")  # type: ignore[prop-decorator]
    @property
    def explanations(self) -> dict[Language, str]:
        """What is wrong and what to do, in one sentence, by language."""
        return {language: translated(self.explanation, language) for language in LANGUAGES}

    @property
    def explanation(self) -> Text:
        """What is wrong and what to do, in one sentence."""
        shown = (text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…" for text in self.texts)
        return Text(CHECKS[self.code].explanation, dict(zip(("first", "second"), shown, strict=False)))


@dataclass(frozen=True, slots=True)
class Override:
    """A check that was let fail, and why.

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
        publishable: Whether nothing stops a publication.
        complete: Whether every check ran; those of meaning wait until no text is empty.
        counts: Findings per code.
        findings: Blocking ones first; of a published version the first ones only.
        overrides: Which blocking codes were let pass.
    """

    publishable: bool
    complete: bool
    counts: Mapping[str, int]
    findings: tuple[Finding, ...]
    overrides: tuple[Override, ...]

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings that stop a publication and were not overridden."""
        return tuple(_blocking(self.findings, self.overrides))


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Blocking findings first, then in the order of `CHECKS` and of the entries."""
    places = {code: place for place, code in enumerate(CHECKS)}
    return tuple(sorted(findings, key=lambda one: (places[one.code], one.entry_ids, one.texts)))


def check_report(
    findings: Iterable[Finding], overrides: Sequence[Override] = (), *, complete: bool = True
) -> CheckReport:
    """Sum findings up, put in order."""
    ordered = in_order(findings)
    return CheckReport(
        publishable=not list(_blocking(ordered, overrides)),
        complete=complete,
        counts=Counter(finding.code for finding in ordered),
        findings=ordered,
        overrides=tuple(overrides),
    )


def _blocking(findings: Iterable[Finding], overrides: Sequence[Override]) -> Iterator[Finding]:
    passed = {override.code for override in overrides}
    return (one for one in findings if one.severity == "blocking" and one.code not in passed)
