from __future__ import annotations

from dataclasses import replace

import pytest

from faqbot.errors import InvalidRequest, PublishRefused
from faqbot.knowledge import Entry
from faqbot.services.publishing.publishing import PublishingService
from faqbot.services.publishing.trying import DraftService
from faqbot.storage import Repository
from tests.integration.services.test_checks import FAQ


def codes(draft: DraftService, code: str = "any") -> dict[str, list[str]]:
    return {entry_id: [one.code for one in found] for entry_id, found in draft.problems(code).items()}


def test_problems_of_texts_are_found_without_the_model_and_follow_every_edit(repository: Repository) -> None:
    def no_encoder() -> None:
        pytest.fail("the model was opened")

    draft = DraftService(repository, no_encoder)  # type: ignore[arg-type]
    repository.apply(
        put=[
            Entry("empty", "多久发货？"),
            Entry("plain", "怎么退款？", (), "TODO http://shop.example"),
            Entry("off", "几点上班？", enabled=False),
        ]
    )
    assert codes(draft) == {"empty": ["no_answer"], "plain": ["placeholder", "insecure_link"]}
    assert codes(draft, "insecure_link") == {"plain": ["placeholder", "insecure_link"]}
    repository.apply(put=[Entry("empty", "多久发货？", (), "两天。")])
    assert codes(draft) == {"plain": ["placeholder", "insecure_link"]}
    with pytest.raises(InvalidRequest, match="no check 'typo'; there are: any, no_answer"):
        draft.problems("typo")


def test_what_only_the_model_finds_is_that_of_the_last_check_until_the_entry_is_edited(
    repository: Repository, publishing: PublishingService
) -> None:
    twin = Entry("password2", "密码忘记了怎么办？", (), "打客服电话。", "zh")
    repository.apply(put=[*FAQ, twin])
    assert "conflicting_answers" not in codes(publishing.draft).get("password", [])
    with pytest.raises(PublishRefused):
        publishing.publish()
    found = codes(publishing.draft, "conflicting_answers")
    assert sorted(found) == ["password", "password2"]
    repository.apply(put=[replace(twin, answer="点「找回密码」。")])
    assert codes(publishing.draft, "conflicting_answers") == {}
