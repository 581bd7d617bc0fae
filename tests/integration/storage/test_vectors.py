from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import create_engine, text

from faqbot.encoder.encoding import Encoding
from faqbot.errors import StorageError
from faqbot.knowledge import Entry
from faqbot.settings import StorageSettings
from faqbot.storage import Pruned, Storage, checksum_of, open_storage


def encoding_of(seed: int, dimension: int = 8, tokens: int = 3) -> Encoding:
    random = np.random.default_rng(seed)
    rows = random.normal(size=(tokens + 1, dimension)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    weights = {int(t): float(np.float32(w)) for t, w in zip([250001, 7, seed], random.uniform(size=3), strict=True)}
    return Encoding(rows[0], weights, rows[1:])


def test_a_stored_encoding_comes_back(storage: Storage) -> None:
    one = encoding_of(1)
    storage.vectors.put("model-a", {checksum_of("退款"): one})
    found = storage.vectors.get("model-a", [checksum_of("退款"), checksum_of("other")])
    assert list(found) == [checksum_of("退款")]
    back = found[checksum_of("退款")]
    np.testing.assert_array_equal(back.dense, one.dense)
    np.testing.assert_allclose(back.multi_vector, one.multi_vector, atol=2**-11, rtol=0)
    assert back.lexical_weights == one.lexical_weights


def test_encodings_of_another_encoder_are_never_found(storage: Storage) -> None:
    storage.vectors.put("model-a", {"x": encoding_of(1), "y": encoding_of(2)})
    storage.vectors.put("model-b", {"x": encoding_of(3)})
    assert storage.vectors.get("model-c", ["x"]) == {}
    assert storage.vectors.missing("model-b", ["x", "y", "z"]) == {"y", "z"}
    assert storage.vectors.counts() == {"model-a": 2, "model-b": 1}


def test_putting_again_keeps_what_is_there(storage: Storage) -> None:
    storage.vectors.put("m", {"x": encoding_of(1)})
    storage.vectors.put("m", {"x": encoding_of(1), "y": encoding_of(2)})
    storage.vectors.put("m", {})
    assert storage.vectors.counts() == {"m": 2}
    np.testing.assert_array_equal(storage.vectors.get("m", ["x"])["x"].dense, encoding_of(1).dense)


def test_more_checksums_than_a_statement_may_hold_are_fine(storage: Storage) -> None:
    same = encoding_of(1)
    stored = {f"{n:05}": same for n in range(0, 3000, 2)}
    storage.vectors.put("m", stored)
    asked = [f"{n:05}" for n in range(3000)]
    assert storage.vectors.missing("m", asked) == set(asked) - set(stored)
    assert storage.vectors.get("m", asked).keys() == stored.keys()


def test_a_stack_holds_what_is_stored_in_the_order_that_was_asked_for(storage: Storage) -> None:
    sizes = {"a": 3, "b": 1, "c": 5}
    one = {name: encoding_of(number, tokens=sizes[name]) for number, name in enumerate(sizes)}
    storage.vectors.put("m", one)
    asked = ["c", "a", "b", "a"]
    stack = storage.vectors.stack("m", asked)
    stored = storage.vectors.get("m", asked)
    np.testing.assert_array_equal(stack.dense, [stored[name].dense for name in asked])
    for place, name in enumerate(asked):
        np.testing.assert_array_equal(stack.tokens[place], stored[name].multi_vector)
        span = slice(*stack.lexical_starts[place : place + 2])
        weights = dict(zip(stack.lexical_ids[span].tolist(), stack.lexical_weights[span].tolist(), strict=True))
        assert weights == one[name].lexical_weights


def test_a_stack_longer_than_a_statement_may_hold_is_fine(storage: Storage) -> None:
    names = [f"{n:05}" for n in range(1100)]
    storage.vectors.put("m", {name: encoding_of(int(name)) for name in names})
    stack = storage.vectors.stack("m", names[::-1])
    np.testing.assert_array_equal(stack.dense[[0, 1099]], [encoding_of(1099).dense, encoding_of(0).dense])


def test_a_stack_with_a_gap_is_refused(storage: Storage) -> None:
    storage.vectors.put("m", {"x": encoding_of(1)})
    with pytest.raises(StorageError, match="checksum y has no vectors"):
        storage.vectors.stack("m", ["x", "y"])


def test_no_room_for_temporary_files_is_said_with_what_to_do(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    storage.vectors.put("m", {"x": encoding_of(1)})
    monkeypatch.setattr("tempfile.tempdir", "/nowhere")
    with pytest.raises(StorageError, match="set TMPDIR"):
        storage.vectors.stack("m", ["x"])


def test_two_encoders_putting_the_same_at_once_do_no_harm(settings: StorageSettings, storage: Storage) -> None:
    names = [f"{n:04}" for n in range(600)]
    encodings = {name: encoding_of(int(name)) for name in names}
    failures: list[BaseException] = []
    start = threading.Barrier(3)

    def put(order: list[str]) -> None:
        with open_storage(settings, migrate=False) as own:
            for turn in range(5):
                start.wait(60)
                try:
                    own.vectors.put(f"m{turn}", {name: encodings[name] for name in order})
                except BaseException as error:
                    failures.append(error)

    threads = [threading.Thread(target=put, args=(order,)) for order in (names, names[::-1], names[300:])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert storage.vectors.counts() == {f"m{turn}": 600 for turn in range(5)}


def test_damaged_bytes_are_refused_not_used(storage: Storage, database_url: str) -> None:
    storage.vectors.put("m", {"x": encoding_of(1)})
    engine = create_engine(database_url)
    with engine.begin() as connection:
        dense = bytearray(connection.execute(text("SELECT dense FROM vectors")).scalar_one())
        dense[-1] ^= 1
        connection.execute(text("UPDATE vectors SET dense = :dense"), {"dense": bytes(dense)})
    engine.dispose()
    with pytest.raises(StorageError, match="dense vector cannot be read"):
        storage.vectors.get("m", ["x"])


def test_texts_that_the_encoder_sees_as_equal_share_a_checksum() -> None:
    assert checksum_of("退款？ ") == checksum_of("退款?\u200b")
    assert checksum_of("Refund") != checksum_of("refund"), "case reaches the model"
    # echo -n abc | sha256sum
    assert checksum_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_pruning_keeps_what_the_draft_or_a_version_of_the_same_model_reads(storage: Storage) -> None:
    def entry(question: str) -> Entry:
        return Entry(question, question, (f"{question} again",), "answer")

    def checksums(*questions: str) -> list[str]:
        return [checksum_of(text) for question in questions for text in (question, f"{question} again")]

    every = {checksum: encoding_of(1) for checksum in checksums("draft", "disabled", "old", "gone")}
    for model in ("m", "other"):
        storage.vectors.put(model, every)
    storage.versions.add([entry("old")], fingerprint="m", model="m")
    storage.versions.add([entry("draft")], fingerprint="m", model="m")
    storage.draft.apply(put=[entry("draft"), replace(entry("disabled"), enabled=False)])
    # of m goes "gone", of the other model "old" as well: two wordings each
    assert storage.vectors.prune(dry_run=True) == Pruned(removed=6, kept=10)
    assert storage.vectors.counts() == {"m": 8, "other": 8}
    assert storage.vectors.prune() == Pruned(removed=6, kept=10)
    assert storage.vectors.missing("m", every) == set(checksums("gone"))
    assert storage.vectors.missing("other", every) == set(checksums("gone", "old"))
    assert storage.vectors.prune() == Pruned(removed=0, kept=10)
