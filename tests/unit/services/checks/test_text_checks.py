from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from faqbot.contract import from_json, to_json
from faqbot.knowledge import Entry
from faqbot.services.checks.findings import CHECKS, CheckReport, Finding, Override, check_report, in_order
from faqbot.services.checks.text_checks import check_texts

REFUND = Entry("refund", "如何退款？", ("退钱",), "点「退款」。", "zh")
SHIP = Entry("ship", "多久发货？", ("催发货",), "48 小时内。", "zh")


def found(*entries: Entry) -> set[tuple[str, tuple[str, ...]]]:
    return {(finding.code, finding.entry_ids) for finding in check_texts(entries)}


def with_answer(text: str) -> Sequence[Finding]:
    return list(check_texts([replace(REFUND, answer=text)]))


def test_a_good_knowledge_base_has_no_findings() -> None:
    assert found(REFUND, SHIP) == set()


def test_an_answer_or_a_wording_without_text_is_found() -> None:
    assert found(replace(REFUND, answer=" \n"), replace(SHIP, similar_questions=("……",))) == {
        ("no_answer", ("refund",)),
        ("empty_wording", ("ship",)),
    }


def test_the_same_wording_in_two_topics_is_found_but_not_between_translations_or_at_other_times() -> None:
    rival = replace(SHIP, similar_questions=("如何退款!",))
    assert found(REFUND, rival) == {("duplicate_wording", ("refund", "ship"))}
    assert found(REFUND, replace(rival, segments=("vip",))) == set()
    vip = replace(REFUND, segments=("app", "vip"))
    assert found(vip, replace(rival, segments=("vip",))) == {("duplicate_wording", ("refund", "ship"))}
    assert found(replace(REFUND, segments=("app",)), replace(rival, segments=("vip",))) == set()
    assert found(replace(REFUND, valid_until="2026-04-30"), replace(rival, valid_from="2026-05-01")) == set()
    assert found(REFUND, Entry("refund.en", "如何退款？", (), "Tap.", "en")) == set()


def test_a_follow_up_that_nobody_will_see_is_found() -> None:
    entry = replace(REFUND, prompts=("ship", "gone"))
    assert [(one.code, one.texts) for one in check_texts([entry, SHIP])] == [("unknown_prompt", ("gone",))]


@pytest.mark.parametrize(
    ("answer", "placeholder"),
    [
        ("请联系 {{phone}}。", "{{phone}}"),
        ("Hello ${name}, pay here.", "${name}"),
        ("费用为 XXX 元。", "XXX"),
        ("TODO: ask legal", "TODO"),
        ("【此处填写时间】内到账", "【此处填写时间】"),
        ("运费待补充", "待补充"),
        ("Call us [insert here].", "[insert here]"),
    ],
)
def test_a_placeholder_in_an_answer_is_quoted(answer: str, placeholder: str) -> None:
    [finding] = with_answer(answer)
    assert (finding.code, finding.texts) == ("placeholder", (placeholder,))


@pytest.mark.parametrize("answer", ["尺码 XL 和 XXL 都有。", "价格 $5 {约}", "todos.com 上看", "【注意】不可退"])
def test_what_only_resembles_a_placeholder_is_left_alone(answer: str) -> None:
    assert with_answer(answer) == []


def test_links_that_run_code_html_and_unencrypted_links_are_found() -> None:
    assert [f.code for f in with_answer("[点](javascript:alert(1))")] == ["unsafe_content"]
    assert [f.code for f in with_answer("看<img src=x onerror=y>这里")] == ["unsafe_content"]
    [plain] = with_answer("见 http://shop.example/a ，测试机 http://localhost:80/b")
    assert (plain.code, plain.texts) == ("insecure_link", ("http://shop.example/a",))
    assert found(replace(REFUND, attachments=("ftp://x/y",))) == {("unsafe_content", ("refund",))}


def test_an_answer_longer_than_messengers_take_is_a_warning_that_names_its_length() -> None:
    [finding] = with_answer("长" * 4001)
    assert (finding.code, finding.severity, finding.texts) == ("long_answer", "warning", ("4001", "4000"))


def test_a_language_that_half_of_the_topics_speak_is_missed_where_it_is_not_spoken() -> None:
    english = Entry("refund.en", "Refund?", (), "Tap.", "en")
    assert found(REFUND, SHIP, english) == {("missing_language", ("ship",))}
    third = Entry("bill", "发票", (), "有。", "zh")
    assert found(REFUND, SHIP, third, english) == set()


def test_only_blocking_findings_that_are_not_overridden_stop_a_publication() -> None:
    findings = in_order([Finding("long_answer", ("a",), ("5000", "4000")), Finding("placeholder", ("b",), ("XXX",))])
    assert [finding.code for finding in findings] == ["placeholder", "long_answer"]
    assert check_report(findings).blocking == findings[:1]
    assert check_report(findings, (Override("placeholder", "说好的"),)).blocking == ()


@pytest.mark.parametrize("code", CHECKS)
def test_every_check_explains_itself_in_both_languages(code: str) -> None:
    shown = to_json(Finding(code, ("a",), ("甲" * 100, "乙")))
    explanation = shown["explanation"]
    assert isinstance(explanation, dict)
    assert set(explanation) == {"zh", "en"}
    assert "{" not in "".join(explanation.values())
    assert "甲" * 60 not in "".join(explanation.values())


def test_a_report_that_was_kept_is_read_back_with_all_its_counts() -> None:
    report = check_report([Finding("no_answer", ("a",)), Finding("no_answer", ("b",))], [Override("no_answer", "soon")])
    kept = replace(report, findings=report.findings[:1])
    assert from_json(CheckReport, to_json(kept)) == kept
    assert (report.publishable, report.counts) == (True, {"no_answer": 2})
