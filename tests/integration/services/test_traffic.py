from __future__ import annotations

from dataclasses import replace
from itertools import count

from faqbot.matching.model.matcher import Ranking
from faqbot.services.answering.answering import AnswerService
from faqbot.services.answering.published import PublishedKnowledge
from faqbot.services.publishing.publishing import PublishingService
from faqbot.services.values.origin import Origin
from faqbot.storage import LabelledQuestion, Storage
from tests.integration.services.conftest import ENTRIES

NOTHING_FITS = Ranking((), 0.97)
NOBODY = Origin()
_NUMBERS = count()


def _ask_in_vain(published: PublishedKnowledge, times: int) -> None:
    for _ in range(times):
        published.saw(published.snapshot, f"question {next(_NUMBERS)}", NOTHING_FITS, NOBODY)


def test_traffic_without_answers_lowers_the_confidence_and_says_so(
    answering: AnswerService, published: PublishedKnowledge
) -> None:
    before = answering.lookup("退款要怎么申请呢")[0].confidence
    _ask_in_vain(published, 299)
    thresholds = published.snapshot.decider.thresholds
    assert (thresholds.share, thresholds.share_source) == (0.25, "default")
    _ask_in_vain(published, 1)
    thresholds = published.snapshot.decider.thresholds
    assert thresholds.share_source == "traffic"
    assert thresholds.share > 0.8
    assert answering.lookup("退款要怎么申请呢")[0].confidence < before


def test_traffic_that_goes_on_as_before_forgets_nothing(
    answering: AnswerService, published: PublishedKnowledge
) -> None:
    _ask_in_vain(published, 300)
    adapted = published.snapshot
    share = adapted.decider.thresholds.share
    # The same evidence where more questions are believed to be unanswerable: the odds grow as those of 0.25 did.
    odds = 0.97 / 0.03 * (share / (1 - share)) / (0.25 / 0.75)
    for _ in range(100):
        published.saw(adapted, f"question {next(_NUMBERS)}", Ranking((), odds / (1 + odds)), NOBODY)
    assert published.snapshot is adapted


def test_labelled_questions_are_believed_before_traffic(
    answering: AnswerService, published: PublishedKnowledge, publishing: PublishingService
) -> None:
    publishing.calibrate(
        [LabelledQuestion("怎么把钱退给我", frozenset({"refund"})), LabelledQuestion("下雨吗", frozenset())]
    )
    published.refresh()
    _ask_in_vain(published, 400)
    assert published.snapshot.decider.thresholds.share_source == "labelled"


def test_adapting_an_outdated_snapshot_never_brings_it_back(
    answering: AnswerService, storage: Storage, published: PublishedKnowledge, publishing: PublishingService
) -> None:
    outdated = published.snapshot
    storage.draft.apply(put=[replace(ENTRIES[0], answer="新的答案")], delete=[])
    publishing.publish()
    published.refresh()
    for _ in range(400):
        published.saw(outdated, f"question {next(_NUMBERS)}", NOTHING_FITS, NOBODY)
    assert published.snapshot.version == 2
    assert answering.ask("如何申请退款？").answer == "新的答案"


def test_going_back_to_a_version_begins_anew(
    answering: AnswerService, storage: Storage, published: PublishedKnowledge, publishing: PublishingService
) -> None:
    _ask_in_vain(published, 300)
    assert published.snapshot.decider.thresholds.share_source == "traffic"
    storage.draft.apply(put=[replace(ENTRIES[0], answer="新的答案")], delete=[])
    publishing.publish()
    published.refresh()
    publishing.rollback()
    published.refresh()
    assert published.snapshot.version == 1
    assert published.snapshot.decider.thresholds.share_source == "default"


def test_what_traffic_did_is_written_down_and_can_be_taken_back(
    answering: AnswerService, storage: Storage, published: PublishedKnowledge, publishing: PublishingService
) -> None:
    version = published.snapshot.version
    assert publishing.thresholds().traffic is None
    _ask_in_vain(published, 300)
    moved = published.snapshot.decider.thresholds
    told = publishing.thresholds().traffic
    assert told is not None
    assert (told.share, told.answer, told.coverage) == (moved.share, moved.answer, moved.coverage)
    storage.traffic.reset()
    published.refresh()
    assert published.snapshot.version == version
    assert published.snapshot.decider.thresholds == published.snapshot.learned.thresholds
    assert publishing.thresholds().traffic is None
    # Nothing of what was counted before is left.
    _ask_in_vain(published, 299)
    assert published.snapshot.decider.thresholds.share_source == "default"


def test_a_publication_says_what_moved_the_thresholds_and_from_where(
    answering: AnswerService, published: PublishedKnowledge, publishing: PublishingService
) -> None:
    first = publishing.thresholds()
    assert [lesson.source for lesson in first.lessons] == ["wordings"]
    publishing.calibrate(
        [LabelledQuestion("怎么把钱退给我", frozenset({"refund"})), LabelledQuestion("下雨吗", frozenset())]
    )
    second = publishing.thresholds()
    assert [(lesson.source, lesson.questions) for lesson in second.lessons][1:] == [("labels", 2)]
    assert second.lessons[-1].answer == second.answer
    assert second.before is not None
    assert (second.before.version, second.before.answer) == (first.version, first.answer)
