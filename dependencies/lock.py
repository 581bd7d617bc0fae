"""Renew the lock files and say what moved: `python -m dependencies.lock`, or `make lock`.

uv resolves pyproject.toml's ranges for every supported Python at once, from the registry's metadata alone. What comes
with PyTorch's CUDA build is left out: that build names its libraries by exact version, and its CPU build has none.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from dependencies.lock_file import FOLDER, Pin, parse, read, write
from dependencies.project import LOCKS, Lock, requirements

PYTHONS = ("3.11", "3.12", "3.13")
_SYSTEMS = (("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"), ("darwin", "x86_64"))
_ASKED, _LIMITS = "asked.in", "limits.txt"
_TORCH = ("torch", "triton", "cuda-", "nvidia-")


def main() -> None:
    """Renew every lock; `--keep` moves only what pyproject.toml makes necessary."""
    parser = argparse.ArgumentParser(prog="python -m dependencies.lock", description=main.__doc__)
    parser.add_argument("--keep", action="store_true", help="keep every locked version that still fits")
    keep = parser.parse_args().keep
    before = {lock.name: _held(lock) for lock in LOCKS}
    everything = _resolve([r for lock in LOCKS for r in requirements(lock)], _old_text() if keep else "")
    versions = "".join(f"{pin.name}=={pin.version}{f' ; {pin.marker}' if pin.marker else ''}\n" for pin in everything)
    needed: dict[str, list[Pin]] = {}
    for lock in LOCKS:
        asked = [r for other in LOCKS if other.name in (*lock.base, lock.name) for r in requirements(other)]
        there = {_place(pin) for name in lock.base for pin in needed[name]}
        needed[lock.name] = [pin for pin in _resolve(asked, limits=versions) if _place(pin) not in there]
        write(lock.name, lock.purpose, needed[lock.name])
    moved = [f"{lock.name}.txt: {line}" for lock in LOCKS for line in moves(before[lock.name], needed[lock.name])]
    sys.stdout.write("\n".join(moved or ["Nothing moved."]) + "\n")


def moves(before: Iterable[Pin], after: Iterable[Pin]) -> list[str]:
    """What differs between two locks, a line each: `name old -> new`, `name new`, `name gone (was old)`."""
    old, new = _versions(before), _versions(after)
    lines = []
    for name in sorted(old.keys() | new.keys()):
        was, now = old.get(name, ""), new.get(name, "")
        if not now:
            lines.append(f"{name} gone (was {was})")
        elif not was:
            lines.append(f"{name} {now} (new)")
        elif was != now:
            lines.append(f"{name} {was} -> {now}")
    return lines


def fitted(pin: Pin) -> Pin | None:
    """A pin without a marker that is true wherever faqbot runs, and None where it is wanted nowhere."""
    if not pin.marker:
        return pin
    found = {Marker(pin.marker).evaluate(dict(_environment(*where))) for where in product(PYTHONS, _SYSTEMS)}
    if found == {False}:
        return None
    return replace(pin, marker="") if found == {True} else pin


def _environment(python: str, system: tuple[str, str]) -> Mapping[str, str]:
    return {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "os_name": "posix",
        "sys_platform": system[0],
        "platform_system": system[0].capitalize(),
        "platform_machine": system[1],
    }


def _resolve(asked: Sequence[Requirement], kept: str = "", *, limits: str = "") -> list[Pin]:
    """What uv finds: as few versions as do for every Python, those of `kept` where they fit, within `limits`."""
    with tempfile.TemporaryDirectory() as folder:
        source, constraints, result = (Path(folder) / name for name in (_ASKED, _LIMITS, "result.txt"))
        source.write_text("\n".join(map(str, asked)), encoding="utf-8")
        constraints.write_text(limits + (FOLDER / "torch.txt").read_text(encoding="utf-8"), encoding="utf-8")
        result.write_text(kept, encoding="utf-8")
        subprocess.run(  # noqa: S603  # our own arguments
            [sys.executable, "-m", "uv", "pip", "compile", _ASKED, "--quiet", "--universal", "--no-header",
             "--python-version", PYTHONS[0], "--fork-strategy", "fewest", "--generate-hashes",
             "--annotation-style", "line", "--constraints", _LIMITS, "--output-file", result.name],
            cwd=folder, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        pins = [fitted(pin) for pin in parse(result.read_text(encoding="utf-8"))]
    direct = {canonicalize_name(requirement.name) for requirement in asked}
    # uv names the files that we gave it, too; ours are not there to be read.
    return [
        replace(pin, wanted_by=(("faqbot",) if pin.name in direct else ()) + _packages(pin.wanted_by))
        for pin in pins
        if pin is not None and not pin.name.startswith(_TORCH)
    ]


def _packages(wanted_by: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in wanted_by if name not in ("-r", "-c", _ASKED, _LIMITS))


def _place(pin: Pin) -> tuple[str, str, str]:
    return pin.name, pin.version, pin.marker


def _held(lock: Lock) -> list[Pin]:
    return read(lock.name) if (FOLDER / f"{lock.name}.txt").exists() else []


def _old_text() -> str:
    return "".join(pin.text() for lock in LOCKS for pin in _held(lock))


def _versions(pins: Iterable[Pin]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for pin in pins:
        found.setdefault(pin.name, []).append(pin.version)
    return {name: ", ".join(sorted(versions)) for name, versions in found.items()}


if __name__ == "__main__":
    main()
