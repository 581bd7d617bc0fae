"""A process that works on jobs and is killed: it loads the model once, and forks for every attempt.

Reads one line per attempt from its input: the place at which the attempt kills itself (`before add`,
`after apply`, ...), or nothing. Answers with the attempt's process id, and with its exit code when it has ended.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

from faqbot.encoder import Encoder
from faqbot.encoder.opening import open_encoder
from faqbot.settings import EncoderSettings, JobSettings, StorageSettings
from faqbot.storage import Draft, Jobs, Vectors, Versions, open_storage
from faqbot.storage.draft import draft
from tests.integration.container import container_of

LEASE_SECONDS = 0.3
# `put_entries` is in the middle of a transaction.
OWNERS = {"apply": Draft, "put_entries": draft, "put": Vectors, "add": Versions, "finish": Jobs}
"""Whose method kills, by its name."""


def main() -> None:
    """Load the model, then attempt a job per line."""
    settings = StorageSettings(database_url=sys.argv[1])
    encoder = open_encoder(EncoderSettings(model="compact", device="cpu", precision="fp32", threads=1))
    say("ready")
    for line in sys.stdin:
        child = os.fork()
        if not child:
            attempt(settings, encoder, line.strip())
            os._exit(0)
        say(str(child))
        _, status = os.waitpid(child, 0)
        say(str(os.waitstatus_to_exitcode(status)))


def say(line: str) -> None:
    """Answer the test."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def attempt(settings: StorageSettings, encoder: Encoder, place: str) -> None:
    """Do the next job, as far as it gets."""
    if place:
        when, name = place.split()
        owner = OWNERS[name]
        setattr(owner, name, deadly(getattr(owner, name), when))
    with open_storage(settings, migrate=False) as storage:
        short = JobSettings.model_construct(lease_seconds=LEASE_SECONDS)
        container_of(storage, encoder, jobs=short).make_worker().run_one()


def deadly(method: Callable[..., object], when: str) -> Callable[..., object]:
    """The method, with a kill before or after it."""

    def killed(*arguments: object, **options: object) -> object:
        if when == "after":
            method(*arguments, **options)
        os.kill(os.getpid(), signal.SIGKILL)
        return None

    return killed


if __name__ == "__main__":
    main()
