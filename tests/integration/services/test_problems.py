from __future__ import annotations

from dataclasses import replace

import pytest

from faqbot.errors import InvalidRequest, PublishRefused
from faqbot.knowledge import Entry
from faqbot.services.checks.problems import ProblemList
from faqbot.services.publishing.publishing import PublishingService
from faqbot.storage import Storage
from tests.integration.services.test_checks import FAQ


def codes(problems: ProblemList, code: str = "any") -> dict[str, list[str]]:
    return {entry_id: [one.code for one in found] for entry_id, found in problems.find(code).items()}


def test_problems_of_texts_are_found_without_the_model_and_follow_every_edit(storage: Storage) -> None:
    problems = ProblemList(storage.draft, storage.findings)
    storage.draft.apply(
        put=[
            Entry("empty", "多久发货？"),
            Entry("plain", "怎么退款？", (), "TODO http://shop.example"),
            Entry("off", "几点上班？", enabled=False),
        ]
    )
    assert codes(problems) == {"empty": ["no_answer"], "plain": ["placeholder", "insecure_link"]}
    assert codes(problems, "insecure_link") == {"plain": ["placeholder", "insecure_link"]}
    storage.draft.apply(put=[Entry("empty", "多久发货？", (), "两天。")])
    assert codes(problems) == {"plain": ["placeholder", "insecure_link"]}
    with pytest.raises(InvalidRequest, match="no check 'typo'; there are: any, no_answer"):
        problems.find("typo")


def test_what_only_the_model_finds_is_that_of_the_last_check_until_the_entry_is_edited(
    storage: Storage, publishing: PublishingService
) -> None:
    problems = ProblemList(storage.draft, storage.findings)
    twin = Entry("password2", "密码忘记了怎么办？", (), "打客服电话。", "zh")
    storage.draft.apply(put=[*FAQ, twin])
    assert "conflicting_answers" not in codes(problems).get("password", [])
    with pytest.raises(PublishRefused):
        publishing.publish()
    found = codes(problems, "conflicting_answers")
    assert sorted(found) == ["password", "password2"]
    storage.draft.apply(put=[replace(twin, answer="点「找回密码」。")])
    assert codes(problems, "conflicting_answers") == {}
