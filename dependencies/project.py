"""What pyproject.toml asks for, lock by lock."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"


@dataclass(frozen=True)
class Lock:
    """One lock file.

    Attributes:
        name: Of the file, without its ending.
        purpose: Its first line.
        extras: The extras whose requirements it holds, beside those of `base`.
        base: The locks that are installed before it; it holds only what they lack.
    """

    name: str
    purpose: str
    extras: tuple[str, ...]
    base: tuple[str, ...] = ()


LOCKS = (
    Lock("build", "What builds and installs faqbot itself.", ()),
    Lock(
        "run",
        "What faqbot runs with: its own requirements and the extras of a server.",
        ("channels", "compact", "postgres"),
    ),
    Lock("dev", "What tests and linters need beyond run.txt and build.txt.", ("dev",), ("build", "run")),
    Lock("benchmark", "What benchmarks are measured against, beyond dev.txt.", ("benchmark",), ("build", "run", "dev")),
)


def requirements(lock: Lock, project: Mapping[str, Any] | None = None) -> list[Requirement]:
    """What pyproject.toml requires by name for one lock.

    Args:
        lock: One of `LOCKS`.
        project: pyproject.toml as tomllib reads it; the real one where None.
    """
    content = project if project is not None else tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))
    if lock.name == "build":
        return [Requirement(text) for text in content["build-system"]["requires"]]
    table = content["project"]
    texts = list(table["dependencies"]) if lock.name == "run" else []
    for extra in lock.extras:
        texts += table["optional-dependencies"][extra]
    return [Requirement(text) for text in texts]
