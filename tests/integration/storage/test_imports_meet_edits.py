"""What an import does when somebody else edits the draft between its reading and its writing."""

from __future__ import annotations

from pathlib import Path

import pytest

from faqbot.errors import EditConflict
from faqbot.knowledge import Entry
from faqbot.services.draft.importing import Importer
from faqbot.storage import Storage

A, B = Entry("a", "Question a?"), Entry("b", "Question b?")


@pytest.mark.parametrize(
    "edit",
    [
        lambda storage: storage.draft.update(Entry("a", "Edited?"), expected_revision=1),
        lambda storage: storage.draft.delete("a"),
        lambda storage: storage.draft.create(Entry("c", "Edited?")),
    ],
    ids=["changed", "removed", "added"],
)
def test_nothing_is_written_over_an_edit_that_was_not_seen(storage: Storage, edit: object) -> None:
    storage.draft.apply(put=[A, B])
    seen = storage.draft.revisions()
    assert seen == {"a": 1, "b": 1}
    edit(storage)  # type: ignore[operator]
    before = storage.draft.entries()
    with pytest.raises(EditConflict, match="somebody else"):
        storage.draft.apply(put=[Entry("a", "Mine"), Entry("c", "Mine too")], delete=["b"], seen=seen)
    assert storage.draft.entries() == before


def test_an_edit_of_another_entry_is_no_obstacle(storage: Storage) -> None:
    storage.draft.apply(put=[A, B])
    seen = storage.draft.revisions()
    storage.draft.update(Entry("b", "Edited?"), expected_revision=1)
    storage.draft.apply(put=[Entry("a", "Mine")], seen=seen)
    assert storage.draft.entries() == [Entry("a", "Mine"), Entry("b", "Edited?")]


def test_an_import_judges_its_rows_again_after_an_edit(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.draft.apply(put=[A, B])
    (tmp_path / "kb.csv").write_text("id,question,answer\na,Question a?,From the file\n")
    apply, edits = storage.draft.apply, [Entry("a", "Question a?", category="edited")]

    def edit_first(**changes: object) -> None:
        if edits:
            storage.draft.update(edits.pop(), expected_revision=None)
        apply(**changes)  # type: ignore[arg-type]

    monkeypatch.setattr(storage.draft, "apply", edit_first)
    report = Importer(storage.draft).import_file(tmp_path / "kb.csv")
    assert [row.verdict for row in report.rows] == ["changed"]
    # The file states no category: the edit stays.
    assert storage.draft.get("a").entry == Entry("a", "Question a?", answer="From the file", category="edited")
