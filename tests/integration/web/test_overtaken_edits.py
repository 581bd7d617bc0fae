"""Somebody else edits an entry in the moment after a change of it was committed, before its reply is made."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy.orm import Session

from tests.integration.web.shop import Shop


def overtake(shop: Shop, entry_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let another admin replace the entry as soon as the next transaction that writes is committed."""
    database, writing = shop.storage._database, shop.storage._database.writing

    def edit() -> None:
        body = {"question": "How long?", "answer": "Theirs."}
        assert shop.client("admin").put(f"/api/v1/entries/{entry_id}", json=body).status_code == 200

    @contextmanager
    def overtaken() -> Iterator[Session]:
        monkeypatch.setattr(database, "writing", writing)
        with writing() as session:
            yield session
        other = threading.Thread(target=edit)
        other.start()
        other.join()

    monkeypatch.setattr(database, "writing", overtaken)


@pytest.mark.parametrize(
    ("method", "path", "revision"),
    [("post", "", 1), ("put", "/shipping", 2), ("patch", "/shipping", 2)],
    ids=["create", "replace", "change"],
)
def test_a_reply_tells_what_was_written_and_not_what_somebody_else_made_of_it(
    own_shop: Shop, monkeypatch: pytest.MonkeyPatch, method: str, path: str, revision: int
) -> None:
    admin = own_shop.client("admin")
    body = {"question": "How long does it take?", "answer": "Mine.", **({} if path else {"id": "new"})}
    entry_id = path.strip("/") or "new"
    overtake(own_shop, entry_id, monkeypatch)
    reply = getattr(admin, method)(f"/api/v1/entries{path}", json=body)
    assert (reply.json["answer"], reply.json["revision"]) == ("Mine.", revision)
    assert reply.headers["ETag"] == f'"{revision}"'
    # So the next change, made in the belief that nobody was there, is not written over theirs.
    again = admin.put(f"/api/v1/entries/{entry_id}", json=body, headers={"If-Match": reply.headers["ETag"]})
    assert again.status_code == 409
    assert admin.get(f"/api/v1/entries/{entry_id}").json["answer"] == "Theirs."
