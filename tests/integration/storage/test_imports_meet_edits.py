"""What an import does when somebody else edits the draft between its reading and its writing."""

from __future__ import annotations

from pathlib import Path

import pytest

from faqbot.errors import EditConflict
from faqbot.knowledge import Entry
from faqbot.services.draft.curation import CurationService
from faqbot.storage import Repository

A, B = Entry("a", "Question a?"), Entry("b", "Question b?")


@pytest.mark.parametrize(
    "edit",
    [
        lambda repository: repository.update_entry(Entry("a", "Edited?"), expected_revision=1),
        lambda repository: repository.delete_entry("a"),
        lambda repository: repository.create_entry(Entry("c", "Edited?")),
    ],
    ids=["changed", "removed", "added"],
)
def test_nothing_is_written_over_an_edit_that_was_not_seen(repository: Repository, edit: object) -> None:
    repository.apply(put=[A, B])
    seen = repository.revisions()
    assert seen == {"a": 1, "b": 1}
    edit(repository)  # type: ignore[operator]
    before = repository.all_entries()
    with pytest.raises(EditConflict, match="somebody else"):
        repository.apply(put=[Entry("a", "Mine"), Entry("c", "Mine too")], delete=["b"], seen=seen)
    assert repository.all_entries() == before


def test_an_edit_of_another_entry_is_no_obstacle(repository: Repository) -> None:
    repository.apply(put=[A, B])
    seen = repository.revisions()
    repository.update_entry(Entry("b", "Edited?"), expected_revision=1)
    repository.apply(put=[Entry("a", "Mine")], seen=seen)
    assert repository.all_entries() == [Entry("a", "Mine"), Entry("b", "Edited?")]


def test_an_import_judges_its_rows_again_after_an_edit(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.apply(put=[A, B])
    (tmp_path / "kb.csv").write_text("id,question,answer\na,Question a?,From the file\n")
    apply, edits = repository.apply, [Entry("a", "Question a?", category="edited")]

    def edit_first(**changes: object) -> None:
        if edits:
            repository.update_entry(edits.pop(), expected_revision=None)
        apply(**changes)  # type: ignore[arg-type]

    monkeypatch.setattr(repository, "apply", edit_first)
    report = CurationService(repository).import_file(tmp_path / "kb.csv")
    assert [row.verdict for row in report.rows] == ["changed"]
    # The file states no category: the edit stays.
    assert repository.get_entry("a").entry == Entry("a", "Question a?", answer="From the file", category="edited")
