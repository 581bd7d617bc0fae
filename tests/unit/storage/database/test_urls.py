from __future__ import annotations

from pathlib import Path

import pytest

from faqbot.errors import DatabaseUnavailable
from faqbot.storage.database.urls import read_url


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("nonsense", "is not a database URL"),
        ("postgresql://user:s3cret@host:port/name", "is not a database URL"),
        ("mysql://user:s3cret@host/name", "names the database 'mysql'"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
def test_an_unusable_url_gets_a_sentence_with_an_example_and_no_secret(text: str, problem: str) -> None:
    with pytest.raises(DatabaseUnavailable, match=problem) as caught:
        read_url(text)
    assert "write `sqlite:///path/to/file.db`" in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_a_place_shows_no_password() -> None:
    address = read_url("postgresql://bot:s3cret@db.example:5433/faq?password=other")
    assert address.place == "PostgreSQL database 'faq' on db.example:5433"
    assert set(address.secrets) == {"s3cret", "other"}
    assert address.url.drivername == "postgresql+psycopg"


def test_a_socket_folder_is_named_as_the_host() -> None:
    assert read_url("postgresql:///faq?host=/run/pg").place == "PostgreSQL database 'faq' on /run/pg"


def test_relative_and_home_paths_become_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert read_url("sqlite:///data/faqbot.db").url.database == str(tmp_path / "data" / "faqbot.db")
    assert not (tmp_path / "data").exists(), "reading an address makes nothing"
    assert read_url("sqlite:///~/faqbot.db").url.database == str(tmp_path / "home" / "faqbot.db")
