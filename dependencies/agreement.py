"""Whether imports, pyproject.toml and the locks agree: `python -m dependencies.agreement`, part of `make lint`.

deptry compares imports with what is declared; here the locks are compared with what pyproject.toml asks for. Neither
needs a network.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from dependencies.lock_file import FOLDER, Pin, read
from dependencies.project import LOCKS, PYPROJECT, Lock, requirements

_RENEW = "run `make lock KEEP=1`"

# What runs may import what it requires, and must require what it imports. Then everything, where every declared tool
# has to be imported by something, or named in pyproject.toml with the reason.
_IMPORTS = (
    ("faqbot", "migrations"),
    (".", "--optional-dependencies-dev-groups", "none"),
)


def main() -> int:
    """Print what disagrees, a line each; 1 where anything does."""
    pins = {lock.name: read(lock.name) for lock in LOCKS}
    [torch] = (FOLDER / "torch.txt").read_text(encoding="utf-8").split()
    problems = lock_problems(tomllib.loads(PYPROJECT.read_text(encoding="utf-8")), pins, torch)
    for problem in problems:
        sys.stdout.write(f"{problem}\n")
    return int(any([problems, *(_deptry(arguments) for arguments in _IMPORTS)]))


def lock_problems(project: Mapping[str, Any], pins: Mapping[str, Sequence[Pin]], torch: str) -> list[str]:
    """Where the locks hold less, more or something else than pyproject.toml asks for, in sentences.

    Args:
        project: pyproject.toml as tomllib reads it.
        pins: The pins of every lock by its name.
        torch: The requirement in torch.txt.
    """
    problems = []
    for lock in LOCKS:
        problems += _missing(lock, requirements(lock, project), pins, Requirement(torch))
        problems += _left_over(lock, project, pins)
    return problems


def _missing(
    lock: Lock, asked: Sequence[Requirement], pins: Mapping[str, Sequence[Pin]], torch: Requirement
) -> list[str]:
    there = {"torch": [str(torch.specifier).removeprefix("==")]}
    for name in (*lock.base, lock.name):
        for pin in pins[name]:
            there.setdefault(pin.name, []).append(pin.version)
    problems = []
    for requirement in asked:
        versions = there.get(canonicalize_name(requirement.name), [])
        if not versions:
            problems.append(f"{lock.name}.txt lacks {requirement.name}, which pyproject.toml requires; {_RENEW}.")
        problems += [
            f"The lock has {requirement.name} {version}, pyproject.toml requires {requirement}; {_RENEW}."
            for version in versions
            if version not in requirement.specifier
        ]
    return problems


def _left_over(lock: Lock, project: Mapping[str, Any], pins: Mapping[str, Sequence[Pin]]) -> list[str]:
    """Pins that nothing asks for any more, and names that stand for nothing."""
    earlier = [other for other in LOCKS if other.name in (*lock.base, lock.name)]
    direct = {canonicalize_name(r.name) for other in earlier for r in requirements(other, project)}
    known = {pin.name for other in earlier for pin in pins[other.name]} | {"torch"}
    problems = []
    for pin in pins[lock.name]:
        named = set(pin.wanted_by)
        wanted = (named & known) | ({"faqbot"} & named if pin.name in direct else set())
        if not wanted:
            problems.append(f"{lock.name}.txt has {pin.name}, which nothing requires any more; {_RENEW}.")
    return problems


def _deptry(arguments: Sequence[str]) -> bool:
    """Whether deptry objects; it says to what."""
    command = [sys.executable, "-m", "deptry", *arguments]
    done = subprocess.run(command, cwd=PYPROJECT.parent, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        sys.stdout.write(done.stdout + done.stderr)
    return done.returncode != 0


if __name__ == "__main__":
    sys.exit(main())
