from __future__ import annotations

import json
import zlib

from faqbot.knowledge import Entry
from faqbot.storage.codec.entries import pack_entries, unpack_entries


def test_a_version_published_before_an_entry_could_end_is_still_read() -> None:
    row = {
        "id": "refund",
        "question": "退款？",
        "similar": ["退钱"],
        "answer": "a",
        "language": "zh",
        "category": "c",
        "tags": ["t"],
    }
    block = zlib.compress(json.dumps({"format": 1, "entries": [row]}).encode())
    assert unpack_entries(block) == (Entry("refund", "退款？", ("退钱",), "a", "zh", "c", ("t",)),)


def test_a_threshold_of_zero_survives_a_snapshot() -> None:
    entry = Entry("refund", "退款？", answer_threshold=0.0)
    assert unpack_entries(pack_entries([entry])) == (entry,)
