"""Whatever happened to a backup, it is restored whole or refused, and then nothing was changed."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from faqbot.settings import StorageSettings
from faqbot.storage import open_storage
from tests.fuzz.mutations import EXAMPLES, mutated, mutated_zips, outcome
from tests.integration.storage.test_backup import everything, fill


def test_any_bytes_of_a_backup_are_restored_whole_or_refused(tmp_path: Path) -> None:
    sound, damaged = tmp_path / "sound.backup", tmp_path / "damaged.backup"
    with open_storage(StorageSettings(database_url=f"sqlite:///{tmp_path}/faqbot.db")) as storage:
        fill(storage)
        storage.backups.write(sound)
        data = sound.read_bytes()

        @EXAMPLES
        @given(mutated_zips(data) | mutated_zips(data) | mutated([data]) | st.binary(max_size=200))
        def check(changed: bytes) -> None:
            damaged.write_bytes(changed)
            before = everything(storage)
            outcome(lambda: storage.backups.restore(damaged, replace=True))
            # What is restored although something happened to it, is what was backed up.
            assert everything(storage) == before

        check()
