"""What a check of a knowledge base finds, and every check with its explanation in Chinese and English."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from faqbot.services.values.messages import MessageLanguage

Severity = Literal["blocking", "warning"]
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of problem.

    Attributes:
        severity: Whether it stops a publication, unless it is overridden.
        zh: Explanation in Chinese; `{0}`, `{1}` stand for the finding's texts.
        en: The same in English.
    """

    severity: Severity
    zh: str
    en: str


CHECKS: dict[str, Check] = {
    "no_answer": Check(
        "blocking", "没有答案：请填写答案，或停用该条目。", "It has no answer: write one, or disable it."
    ),
    "empty_wording": Check(
        "blocking", "有一个问法是空的（“{0}”）：请填写或删除。", "A wording is empty (“{0}”): fill it in or remove it."
    ),
    "duplicate_wording": Check(
        "blocking",
        "“{0}”同时是多个条目的问法，客户只会得到其中一个的答案：请只保留一处。",
        "“{0}” is a wording of several entries, of which customers only ever get one: keep it in one place.",
    ),
    "conflicting_answers": Check(
        "blocking",
        "“{0}”和“{1}”几乎是同一个问题，答案却不同：请合并，或写清区别。",
        "“{0}” and “{1}” ask nearly the same but are answered differently: merge them, or say what differs.",
    ),
    "placeholder": Check(
        "blocking",
        "答案里有没填完的占位内容“{0}”：请补全。",
        "The answer holds a placeholder, “{0}”: fill it in.",
    ),
    "unsafe_content": Check(
        "blocking",
        "答案或附件里有不安全的链接或 HTML（“{0}”）：请删除。",
        "The answer or an attachment holds an unsafe link or HTML (“{0}”): remove it.",
    ),
    "regression": Check(
        "blocking",
        "测试问题“{0}”在当前版本通过，在草稿上不通过（{1}）。",
        "The test question “{0}” passes on the current version and fails on the draft ({1}).",
    ),
    "failing_test": Check(
        "warning",
        "测试问题“{0}”在草稿上不通过（{1}）；当前版本也不通过，或无法比较。",
        "The test question “{0}” fails on the draft ({1}); it fails on the current version too, or there is none.",
    ),
    "possible_conflict": Check(
        "warning",
        "“{0}”和“{1}”可能是同一个问题，答案却不同：请看一下。",
        "“{0}” and “{1}” may ask the same and are answered differently: have a look.",
    ),
    "duplicate_question": Check(
        "warning",
        "“{0}”和“{1}”几乎是同一个问题，答案也相同：可以合并。",
        "“{0}” and “{1}” ask nearly the same and have the same answer: they could be one entry.",
    ),
    "wording_won_by_other": Check(
        "warning",
        "如果没有问法“{0}”，这样提问的客户会得到“{1}”的答案：它可能放错了条目。",
        "Without the wording “{0}”, customers who ask so would get the answer of “{1}”: it may be in the wrong entry.",
    ),
    "steals_questions": Check(
        "warning",
        "它会抢走其他条目的 {0} 个问法（例如“{1}”）：它的问法可能太宽泛。",
        "It wins {0} wordings of other entries (such as “{1}”): its wordings may be too general.",
    ),
    "outlier_wording": Check(
        "warning",
        "问法“{0}”与该条目的其他问法相差很远：它可能放错了条目。",
        "The wording “{0}” is far from the entry's other wordings: it may be in the wrong entry.",
    ),
    "long_wording": Check(
        "warning",
        "问法“{0}”太长，超出模型读取的长度，后面的部分不起作用：请缩短。",
        "The wording “{0}” is longer than what the model reads, so its end has no effect: shorten it.",
    ),
    "long_answer": Check(
        "warning",
        "答案有 {0} 个字符，超过 {1}：许多渠道会截断它。",
        "The answer has {0} characters, more than {1}: many channels will cut it off.",
    ),
    "insecure_link": Check(
        "warning",
        "答案或附件里的链接“{0}”没有加密：请改用 https。",
        "The link “{0}” in the answer or an attachment is not encrypted: use https.",
    ),
    "unknown_prompt": Check(
        "warning",
        "追问“{0}”不是任何启用的条目，不会显示：请改正或删除。",
        "The follow-up “{0}” is no enabled entry and is not shown: correct or remove it.",
    ),
    "missing_language": Check(
        "warning",
        "知识库有语言“{0}”的条目，这 {1} 条没有该语言的问法和答案。",
        "The knowledge base speaks “{0}”, but {1} of its entries have no wording or answer in it.",
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

    def explanation(self, language: MessageLanguage) -> str:
        """What is wrong and what to do, in one sentence."""
        shown = (text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…" for text in self.texts)
        return str(getattr(CHECKS[self.code], language)).format(*shown)


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
    languages: Sequence[MessageLanguage] = ("zh", "en")
    return {
        "code": finding.code,
        "severity": finding.severity,
        "entries": list(finding.entry_ids),
        "texts": list(finding.texts),
        "explanation": {language: finding.explanation(language) for language in languages},
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
