"""A lock file: pinned releases with the hashes of their files, as `pip install --require-hashes` reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FOLDER = Path(__file__).parent

_BLOCK = re.compile(r"^(?P<pin>[A-Za-z0-9].*(?:\n +--hash=.*)*)(?P<why>(?:\n +#.*)*)", re.MULTILINE)
_HASH = re.compile(r"--hash=(sha256:[0-9a-f]{64})")


@dataclass(frozen=True)
class Pin:
    """One release of one package.

    Attributes:
        name: Normalised: lower case, with hyphens.
        version: The exact version.
        marker: On which Pythons and systems it is wanted; empty: on all.
        hashes: `sha256:...` of every file of the release; empty for PyTorch alone.
        wanted_by: Who requires it: `faqbot` or names of other packages.
    """

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    wanted_by: tuple[str, ...]

    def applies(self) -> bool:
        """Whether it is wanted on this Python and system."""
        marker = Requirement(f"{self.name}; {self.marker}").marker if self.marker else None
        return marker is None or marker.evaluate()

    def text(self) -> str:
        """As it stands in the file."""
        start = f"{self.name}=={self.version}" + (f" ; {self.marker}" if self.marker else "")
        lines = [start, *(f"    --hash={value}" for value in self.hashes)]
        return " \\\n".join(lines) + (f"\n    # via {', '.join(self.wanted_by)}" if self.wanted_by else "") + "\n"


def read(name: str) -> list[Pin]:
    """The pins of `name`.txt, in its order."""
    return parse((FOLDER / f"{name}.txt").read_text(encoding="utf-8"))


def parse(text: str) -> list[Pin]:
    """The pins of a lock file's text."""
    pins = []
    for block in _BLOCK.finditer(text):
        requirement = Requirement(block["pin"].split("\\")[0].strip())
        version = str(requirement.specifier).removeprefix("==")
        wanted_by = re.findall(r"[\w.\-]+", block["why"].partition("# via")[2])
        pins.append(
            Pin(
                canonicalize_name(requirement.name),
                version,
                str(requirement.marker or ""),
                tuple(_HASH.findall(block["pin"])),
                tuple(wanted_by),
            )
        )
    return pins


def write(name: str, purpose: str, pins: Iterable[Pin]) -> None:
    """Write `name`.txt."""
    head = f"# {purpose}\n# Written by `make lock`; change the ranges in pyproject.toml instead.\n"
    (FOLDER / f"{name}.txt").write_text(head + "".join(pin.text() for pin in pins), encoding="utf-8")
