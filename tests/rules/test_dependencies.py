"""Imports, pyproject.toml, the locks and the licences agree; `make lint` runs the same check with deptry beside it."""

from __future__ import annotations

import ast
import re
import tomllib
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from dependencies.agreement import lock_problems
from dependencies.licences import READ, TABLE, licence_of, needed, rows, runtime_packages
from dependencies.lock import fitted, moves
from dependencies.lock_file import FOLDER, Pin, parse, read
from dependencies.project import LOCKS, PYPROJECT
from dependencies.sbom import bill

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))
PINS = {lock.name: read(lock.name) for lock in LOCKS}
TORCH = (FOLDER / "torch.txt").read_text(encoding="utf-8").strip()


def pin(name: str, version: str = "1.0", *wanted_by: str, marker: str = "") -> Pin:
    return Pin(name, version, marker, ("sha256:" + "0" * 64,), wanted_by)


def asking(run: list[str], **extras: list[str]) -> dict[str, Any]:
    none: dict[str, list[str]] = {extra: [] for lock in LOCKS for extra in lock.extras}
    return {
        "build-system": {"requires": []},
        "project": {"dependencies": run, "optional-dependencies": {**none, **extras}},
    }


def holding(**pins: list[Pin]) -> dict[str, list[Pin]]:
    return {**{lock.name: [] for lock in LOCKS}, **pins}


def test_the_locks_hold_exactly_what_pyproject_asks_for() -> None:
    assert lock_problems(PROJECT, PINS, TORCH) == []


@pytest.mark.parametrize(
    ("project", "pins", "problem"),
    [
        (asking(["flask>=3"]), holding(), "run.txt lacks flask, which pyproject.toml requires"),
        (asking([], dev=["ruff"]), holding(), "dev.txt lacks ruff"),
        (asking(["flask>=3"]), holding(run=[pin("flask", "2.9", "faqbot")]), "The lock has flask 2.9, pyproject.toml"),
        (asking(["torch<2"]), holding(), "The lock has torch 2.13.0, pyproject.toml requires torch<2"),
        (
            asking([]),
            holding(run=[pin("flask", "3.1", "faqbot")]),
            "run.txt has flask, which nothing requires any more",
        ),
        (
            asking([]),
            holding(run=[pin("jinja2", "3.1", "flask")]),
            "run.txt has jinja2, which nothing requires any more",
        ),
    ],
)
def test_a_lock_that_differs_from_pyproject_is_told(
    project: dict[str, Any], pins: dict[str, list[Pin]], problem: str
) -> None:
    [said] = lock_problems(project, pins, "torch==2.13.0")
    assert said.startswith(problem)
    assert said.endswith("run `make lock KEEP=1`.")


def test_what_an_earlier_lock_holds_and_what_a_package_requires_are_no_difference() -> None:
    pins = holding(run=[pin("flask", "3.1", "faqbot"), pin("jinja2", "3.1", "flask"), pin("sympy", "1.1", "torch")])
    project = asking(["Flask>=3", "torch>=2"], dev=["flask"])
    assert lock_problems(project, pins, "torch==2.13.0") == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_pin_has_hashes_and_no_lock_names_a_registry(lock: Any) -> None:
    assert all(one.hashes for one in PINS[lock.name])
    text = (FOLDER / f"{lock.name}.txt").read_text(encoding="utf-8")
    assert not re.search(r"://|index-url|find-links", text)
    # Whatever PyTorch's CUDA build brings, it names itself.
    assert not [one.name for one in PINS[lock.name] if one.name.startswith(("torch", "triton", "nvidia-", "cuda-"))]


def test_a_lock_is_read_as_it_is_written() -> None:
    pins = [pin("a-b", "1.0.post1", "faqbot", "c", marker="python_version < '3.12'"), replace(pin("d"), hashes=())]
    again = parse("# A comment.\n" + "".join(one.text() for one in pins))
    assert [(one.name, one.version, one.hashes, one.wanted_by) for one in again] == [
        ("a-b", "1.0.post1", pins[0].hashes, ("faqbot", "c")),
        ("d", "1.0", (), ()),
    ]
    assert [one.marker.replace('"', "'") for one in again] == ["python_version < '3.12'", ""]


def test_what_moved_is_told_package_by_package() -> None:
    before = [pin("a", "1"), pin("b", "1"), pin("c", "1")]
    after = [pin("a", "2"), pin("c", "1"), pin("d", "1")]
    assert moves(before, after) == ["a 1 -> 2", "b gone (was 1)", "d 1 (new)"]


@pytest.mark.parametrize(
    ("marker", "kept"),
    [
        ("sys_platform != 'emscripten'", ""),
        ("python_version >= '3.12'", 'python_version >= "3.12"'),
        ("sys_platform == 'win32'", None),
    ],
)
def test_a_marker_stays_where_it_makes_a_difference(marker: str, kept: str | None) -> None:
    found = fitted(pin("a", marker=str(Requirement(f"a; {marker}").marker)))
    assert (found.marker if found else None) == kept


def test_nothing_that_only_an_extra_brings_is_imported_before_it_is_needed() -> None:
    """`pip install faqbot` alone has to start; the libraries of extras are imported inside of functions."""
    asked = {canonicalize_name(Requirement(text).name) for text in PROJECT["project"]["dependencies"]} | {"faqbot"}
    providers = metadata.packages_distributions()
    early = []
    for path in sorted((ROOT / "faqbot").rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                found = {canonicalize_name(one) for one in providers.get(name.split(".")[0], ())}
                if found and not found & asked:
                    early.append(f"{path.relative_to(ROOT)}: {name}")
    assert early == []


@pytest.mark.parametrize("name", runtime_packages())
def test_every_package_that_runs_is_fit_for_business_use(name: str) -> None:
    assert needed(licence_of(name)) is not None, f"{name} is under {licence_of(name)}"


@pytest.mark.parametrize(
    ("expression", "kept"),
    [
        ("MIT", {"MIT"}),
        ("GPL-3.0-only", None),
        ("unknown", None),
        ("GPL-2.0-only OR MPL-2.0 OR MIT", {"MIT"}),
        ("MIT AND (GPL-2.0-only OR BSD-3-Clause)", {"MIT", "BSD-3-Clause"}),
        ("MIT AND AGPL-3.0-only", None),
        ("Apache-2.0 WITH LLVM-exception", {"Apache-2.0"}),
    ],
)
def test_of_several_licences_the_freest_counts(expression: str, kept: set[str] | None) -> None:
    assert needed(expression) == kept


def test_the_page_of_licences_is_what_make_licences_writes() -> None:
    shown = [line for line in TABLE.read_text(encoding="utf-8").splitlines(keepends=True) if line.startswith("| ")]
    assert shown[1:] == rows(runtime_packages()), "run `make licences`"
    assert set(READ) <= set(runtime_packages())


def test_the_bill_of_materials_names_every_package_once_with_what_it_requires() -> None:
    bom = bill(PINS["run"])
    assert sorted(component.name for component in bom.components) == runtime_packages()
    graph = {str(node.ref): {str(other.ref) for other in node.dependencies} for node in bom.dependencies}
    [flask] = [ref for ref in graph if ref.startswith("pkg:pypi/flask@")]
    assert {ref.partition("@")[0] for ref in graph[flask]} >= {"pkg:pypi/werkzeug", "pkg:pypi/jinja2"}
    assert flask in graph["faqbot"]
