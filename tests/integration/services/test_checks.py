"""Checks of a draft with the real model: what stops a publication, what warns, and what was overridden."""

from __future__ import annotations

from dataclasses import replace

import pytest

from faqbot.encoder import Encoder
from faqbot.errors import InvalidRequest, PublishRefused
from faqbot.knowledge import Entry
from faqbot.services.checks.findings import Override
from faqbot.services.publishing.draft_checks import DraftChecks
from faqbot.services.publishing.publishing import PublishingService
from faqbot.storage import Storage
from tests.integration.services.conftest import ENTRIES

FAQ = (
    *ENTRIES[:3],
    Entry("ship", "多久发货？", ("什么时候能寄出", "催发货"), "48 小时内。", "zh", "物流"),
    Entry("track", "怎么查物流？", ("我的快递到哪了", "查询包裹位置"), "在订单页看。", "zh", "物流"),
    Entry("address", "怎么修改收货地址？", ("地址填错了", "换个地方收货"), "发货前可改。", "zh", "订单"),
    Entry("password", "忘记密码怎么办？", ("密码想不起来了", "重置密码"), "点「找回密码」。", "zh", "账号"),
)


def codes(checks: DraftChecks) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for finding in checks.check().findings:
        found.setdefault(finding.code, []).append(finding.entry_ids)
    return found


def test_nearly_equal_questions_with_different_answers_stop_a_publication(
    storage: Storage, publishing: PublishingService, checks: DraftChecks
) -> None:
    storage.draft.apply(put=[*FAQ, Entry("password2", "密码忘记了怎么办？", (), "打客服电话。", "zh")])
    assert ("password", "password2") in codes(checks)["conflicting_answers"]
    with pytest.raises(PublishRefused, match=r"conflicting_answers \(password/password2\)") as refused:
        publishing.publish()
    [detail] = refused.value.details
    assert isinstance(detail, dict)
    assert detail["entries"] == ["password", "password2"]
    assert publishing.versions() == []


def test_the_same_answer_makes_it_a_duplicate_and_other_customers_none_at_all(
    storage: Storage, checks: DraftChecks
) -> None:
    twin = Entry("password2", "密码忘记了怎么办？", (), "点「找回密码」", "zh")
    storage.draft.apply(put=[*FAQ, twin])
    assert codes(checks)["duplicate_question"] == [("password", "password2")]
    other = replace(twin, answer="打电话。", segments=("vip",))
    storage.draft.apply(put=[replace(FAQ[-1], segments=("app",)), other])
    assert not codes(checks).keys() & {"duplicate_question", "conflicting_answers", "possible_conflict"}


def test_a_wording_in_the_wrong_entry_is_found_by_asking_it(storage: Storage, checks: DraftChecks) -> None:
    lost = "快递现在到哪了"
    storage.draft.apply(put=[*FAQ, replace(FAQ[2], similar_questions=(*FAQ[2].similar_questions, lost))])
    doubts = codes(checks)
    assert ("invoice", "track") in doubts.get("wording_won_by_other", [])


def test_an_entry_that_stands_in_for_another_takes_nothing_from_it(storage: Storage, checks: DraftChecks) -> None:
    vip = replace(FAQ[3], entry_id="ship-vip", answer="当天。", segments=("vip",))
    storage.draft.apply(put=[*FAQ, vip])
    assert not {"wording_won_by_other", "steals_questions"} & codes(checks).keys()


def test_an_override_lets_a_failing_check_pass_and_is_kept_with_the_version(
    storage: Storage, publishing: PublishingService
) -> None:
    storage.draft.apply(put=[*FAQ, replace(FAQ[3], answer="{{time}} 内。")])
    with pytest.raises(PublishRefused, match="placeholder"):
        publishing.publish()
    version = publishing.publish("急用", overrides=[Override("placeholder", "模板由网关填写")])
    kept = publishing.version_checks(version.number)
    assert kept.overrides == (Override("placeholder", "模板由网关填写"),)
    assert kept.counts == {"placeholder": 1}
    assert kept.publishable is True


@pytest.mark.parametrize(
    ("code", "note", "sentence"),
    [("no_answer", "x", "cannot be overridden"), ("nonsense", "x", "placeholder"), ("placeholder", " ", "a note")],
)
def test_an_override_needs_a_check_that_can_be_overridden_and_a_reason(
    storage: Storage, publishing: PublishingService, code: str, note: str, sentence: str
) -> None:
    storage.draft.apply(put=FAQ)
    with pytest.raises(InvalidRequest, match=sentence):
        publishing.publish(overrides=[Override(code, note)])


def test_an_empty_wording_leaves_the_checks_of_meaning_for_later(storage: Storage, checks: DraftChecks) -> None:
    storage.draft.apply(put=[*FAQ, replace(FAQ[3], similar_questions=("?!",))])
    report = checks.check()
    assert not report.complete
    assert [finding.code for finding in report.blocking] == ["empty_wording"]


def test_a_wording_beyond_what_the_model_reads_is_a_warning(
    storage: Storage, checks: DraftChecks, compact_encoder: Encoder
) -> None:
    long = "我想知道怎么退款" * compact_encoder.info.max_length
    storage.draft.apply(put=[replace(FAQ[0], similar_questions=("退钱", long)), *FAQ[1:]])
    assert codes(checks)["long_wording"] == [("refund",)]
