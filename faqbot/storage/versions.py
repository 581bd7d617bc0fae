"""Published versions: added, never changed; one of them is what customers get."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from faqbot.errors import EditConflict, VersionNotFound
from faqbot.knowledge import Entry
from faqbot.language import _
from faqbot.storage.audit import log_changes
from faqbot.storage.codec.entries import pack_entries, unpack_entries
from faqbot.storage.database.clock import now
from faqbot.storage.database.database import Database
from faqbot.storage.records import Change, JobClaim, LabelledQuestion, Learned, StoredVersion, VersionRow
from faqbot.storage.tables import PublishedTable, VersionTable
from faqbot.storage.work.jobs import tell_result


class Versions:
    """Published versions, and which of them customers get."""

    def __init__(self, database: Database) -> None:
        """Bind the database."""
        self._database = database

    def add(
        self,
        entries: Sequence[Entry],
        *,
        fingerprint: str,
        model: str,
        note: str = "",
        learned: Learned | None = None,
        checks: dict[str, object] | None = None,
        job: JobClaim | None = None,
        replacing: int | Literal["any"] | None = "any",
    ) -> int:
        """Store a version and switch customers to it, in one transaction.

        Args:
            entries: The draft to publish; disabled entries are left out.
            fingerprint: Of the encoder whose vectors the version uses.
            model: The encoder's name for people.
            note: Free text.
            learned: From the entries and from labelled questions.
            checks: What the checks found, as JSON.
            job: Whose result the version is, and who works on it: it is told in the same transaction, so that a
                worker that dies afterwards does not publish twice.
            replacing: What customers had before the entries were read, None for nothing: where they have something
                else by now, nothing is stored. Unset: it does not matter.

        Returns:
            The number of the version.

        Raises:
            JobInterrupted: Another worker has the job; nothing is stored.
            EditConflict: Customers have another version than `replacing`; nothing is stored.
        """
        enabled = [entry for entry in entries if entry.enabled]
        with self._database.explained():
            content = pack_entries(enabled)
        row = {
            "created_at": now(),
            "fingerprint": fingerprint,
            "model": model,
            "entries": len(enabled),
            "wordings": sum(len(entry.wordings) for entry in enabled),
            "note": note,
            "content": content,
            **_columns(learned),
            "checks": checks,
        }
        with self._database.writing() as session:
            replaced = _published(session, replacing)
            number = session.scalars(
                insert(VersionTable).values(**row, replaced=replaced).returning(VersionTable.number)
            ).one()
            if job:
                tell_result(session, job, {"version": number})
            before = _switch(session, number)
            after: dict[str, object] = {
                "version": number,
                **{name: row[name] for name in ("entries", "wordings", "model", "note")},
            }
            if checks and checks.get("overrides"):
                after["overrides"] = checks["overrides"]
            log_changes(session, [Change("version.publish", str(number), before, after)])
        return number

    def put_learned(self, number: int, learned: Learned, *, fingerprint: str | None = None) -> None:
        """Replace what was learned from a version, because this program cannot use what another release has learned.

        Where customers have the version, the generation grows, so that every process loads it again.

        Args:
            number: Which version.
            learned: What was learned now.
            fingerprint: Of the encoder whose vectors that is about; unset: as before.

        Raises:
            VersionNotFound: There is no version of this number.
        """
        with self._database.writing() as session:
            values = _columns(learned) if fingerprint is None else {**_columns(learned), "fingerprint": fingerprint}
            known = update(VersionTable).where(VersionTable.number == number).values(values)
            if not session.execute(known.returning(VersionTable.number)).all():
                raise _not_found(number)
            current = update(PublishedTable).where(PublishedTable.version == number)
            session.execute(current.values(generation=PublishedTable.generation + 1))
            log_changes(session, [Change("version.learn", str(number), None, {"version": number})])

    def all(self) -> list[VersionRow]:
        """Every version, the newest first."""
        v = VersionTable
        columns = (v.number, v.created_at, v.entries, v.wordings, v.model, v.fingerprint, v.note, v.replaced)
        with self._database.reading() as session:
            current = session.scalar(select(PublishedTable.version))
            rows = session.execute(select(*columns).order_by(v.number.desc())).all()
        return [VersionRow(*row, current=row.number == current) for row in rows]

    def get(self, number: int) -> StoredVersion:
        """One version in full.

        Raises:
            VersionNotFound: There is no version of this number.
            StorageError: The stored version is damaged.
        """
        with self._database.reading() as session:
            row = session.get(VersionTable, number)
            if row is None:
                raise _not_found(number)
            return StoredVersion(
                number=row.number,
                entries=unpack_entries(row.content),
                fingerprint=row.fingerprint,
                model=row.model,
                learned=None if row.learned is None else Learned(row.learned, _labelled(row.labelled or ())),
                created_at=row.created_at,
                note=row.note,
            )

    def checks(self, number: int) -> dict[str, object] | None:
        """What the checks found when a version was published; None where none were run.

        Raises:
            VersionNotFound: There is no version of this number.
        """
        with self._database.reading() as session:
            row = session.execute(select(VersionTable.checks).where(VersionTable.number == number)).one_or_none()
        if row is None:
            raise _not_found(number)
        checks: dict[str, object] | None = row.checks
        return checks

    def current(self) -> tuple[int | None, int]:
        """(number of the version that customers get, None when nothing is published; generation).

        The generation grows at every switch, also back to an older version, and where the current version was learned
        again. Two rows are read: cheap enough
        to ask every second.

        Raises:
            DatabaseLost: This is not the database that was opened.
        """
        with self._database.reading() as session:
            self._database.confirm(session)
            row = session.execute(select(PublishedTable.version, PublishedTable.generation)).one()
        return row.version, row.generation

    def switch_to(self, number: int) -> None:
        """Switch customers to a stored version.

        Raises:
            VersionNotFound: There is no version of this number.
        """
        with self._database.writing() as session:
            if session.scalar(select(VersionTable.number).where(VersionTable.number == number)) is None:
                raise _not_found(number)
            before = _switch(session, number)
            log_changes(session, [Change("version.rollback", str(number), before, {"version": number})])


def _published(session: Session, expected: int | Literal["any"] | None) -> int | None:
    """What customers have, which nobody changes before this transaction ends; refuses anything but the expected."""
    version = session.execute(select(PublishedTable.version).with_for_update()).scalar_one()
    if expected not in ("any", version):
        raise EditConflict(
            _(
                "Somebody else has given customers version {version} in the meantime; look at it and publish again.",
                version=version,
            ),
            [{"version": version}],
        )
    return version


def _switch(session: Session, number: int) -> dict[str, int] | None:
    """Let customers have a version; what they had before, for the audit log."""
    before = session.scalar(select(PublishedTable.version).with_for_update())
    session.execute(update(PublishedTable).values(version=number, generation=PublishedTable.generation + 1))
    return None if before is None else {"version": before}


def _columns(learned: Learned | None) -> dict[str, object]:
    if learned is None:
        return {"learned": None, "labelled": None}
    rows = [(question.text, sorted(question.entry_ids)) for question in learned.labelled]
    return {"learned": learned.fitted, "labelled": rows or None}


def _labelled(rows: Iterable[tuple[str, list[str]]]) -> tuple[LabelledQuestion, ...]:
    return tuple(LabelledQuestion(text, frozenset(entry_ids)) for text, entry_ids in rows)


def _not_found(number: int) -> VersionNotFound:
    return VersionNotFound(_("There is no version {number}; `faqbot versions` lists them.", number=number))
