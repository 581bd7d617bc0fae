"""Every sentence for people has a Chinese one, and the catalogues say what the code says."""

from __future__ import annotations

from string import Formatter

import pytest
from babel.messages.catalog import Message

from translation.catalogues import DOMAINS, compiled, our_messages, po_file, read, untranslated


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_message_has_chinese(domain: str) -> None:
    assert list(untranslated(read(domain))) == []


def test_the_catalogue_holds_what_the_code_says_and_nothing_else() -> None:
    ours, kept = ({message.id for message in catalogue if message.id} for catalogue in (our_messages(), read("faqbot")))
    assert ours == kept, "run `make messages`"


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_program_reads_what_people_wrote(domain: str) -> None:
    assert po_file(domain).with_suffix(".mo").read_bytes() == compiled(read(domain)), "run `make messages`"


@pytest.mark.parametrize("domain", DOMAINS)
def test_chinese_has_the_placeholders_of_the_english(domain: str) -> None:
    differing = [message.id for message in read(domain) if message.id and not _agree(message)]
    assert differing == []


def _agree(message: Message) -> bool:
    english = (message.id,) if isinstance(message.id, str) else message.id
    chinese = (message.string,) if isinstance(message.string, str) else message.string
    # The one Chinese form may say what the singular says, what the plural says, or both.
    shared, allowed = (kind(*map(_placeholders, english)) for kind in (set.intersection, set.union))
    return all(shared <= _placeholders(text) <= allowed for text in chinese)


def _placeholders(text: str) -> set[tuple[str, str, str]]:
    return {
        (name, form or "", conversion or "")
        for _literal, name, form, conversion in Formatter().parse(text)
        if name is not None
    }
