"""The licence of every package that faqbot runs with: `python -m dependencies.licences`, or `make licences`.

Read from what the installed packages say of themselves; where that is missing, vague or wrong, from their licence file,
by a person (`READ`). A package under a licence that is neither in `FREE` nor in `CONDITIONS` fails the tests.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.metadata import PackageMetadata, metadata
from pathlib import Path

from license_expression import LicenseSymbol, LicenseWithExceptionSymbol, Renderable, get_spdx_licensing
from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from dependencies.lock_file import read

TABLE = Path(__file__).parents[1] / "docs" / "licences.md"

FREE = frozenset(
    {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "CNRI-Python", "ISC", "MIT", "MIT-0"}
    | {"PSF-2.0", "Unlicense", "Zlib"}
)
"""Licences that ask for no more than that their text is passed on."""

CONDITIONS = {
    "BSD-Advertising-Acknowledgement": "who passes it on or advertises with it says: "
    "this product includes software developed by David Giffin <david@giffin.org>",
    "LGPL-3.0-only": "used unchanged, as a package of its own that may be replaced; only with the extra `postgres`",
    "MPL-2.0": "used unchanged; only changes to the package's own files would have to be published",
}
"""Licences that ask for more, and why that is met."""

READ = {
    "flagembedding": "MIT",
    "itsdangerous": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    "lz4": "BSD-3-Clause",
    "mpmath": "BSD-3-Clause",
    "protobuf": "BSD-3-Clause",
    "scipy": "BSD-3-Clause",
    "sympy": "BSD-3-Clause",
    "xlrd": "BSD-3-Clause AND BSD-Advertising-Acknowledgement",
    "transformers": "Apache-2.0",
}
"""What the licence file of a package says whose metadata does not say it."""

_CLASSIFIERS = {
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: ISC License (ISCL)": "ISC",
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}

_HEAD = """# Licences

The program itself is under the MIT licence (`LICENSE`). What it runs with, extras of a server included, is under these,
and none of them stands in the way of business use. `make licences` writes this page from `dependencies/run.txt` and
what the installed packages say of themselves; `make sbom` writes the same with versions and hashes as a CycloneDX file.

A CUDA build of PyTorch brings NVIDIA's libraries, which are under NVIDIA's own terms.

| package | licence | condition |
|---|---|---|
"""


def main() -> None:
    """Write docs/licences.md."""
    TABLE.write_text(_HEAD + "".join(rows(runtime_packages())), encoding="utf-8")
    sys.stdout.write(f"{TABLE.relative_to(Path.cwd()) if TABLE.is_relative_to(Path.cwd()) else TABLE} is written.\n")


def runtime_packages() -> list[str]:
    """Every package that faqbot runs with, by name; each is installed."""
    return sorted(["torch", *(pin.name for pin in read("run") if pin.applies())])


def rows(names: Iterable[str]) -> list[str]:
    """The table's lines."""
    lines = []
    for name in names:
        licence = licence_of(name)
        conditions = [CONDITIONS[key] for key in needed(licence) or () if key in CONDITIONS]
        lines.append(f"| {name} | {licence} | {'; '.join(conditions)} |\n")
    return lines


def licence_of(name: str) -> str:
    """A package's licence as an SPDX expression, "unknown" where neither it nor `READ` says."""
    found = metadata(name)
    candidates = [
        READ.get(name),
        _field(found, "License-Expression"),
        _spdx(_field(found, "License")),
        _classified(found),
    ]
    return next((candidate for candidate in candidates if candidate), "unknown")


def needed(expression: str) -> frozenset[str] | None:
    """The licences to keep to, the freest where there is a choice; None where one of them is not fit for use.

    Args:
        expression: An SPDX expression, such as `MPL-2.0 AND MIT`.
    """
    return _needed(get_spdx_licensing().parse(expression))


def _needed(expression: Renderable) -> frozenset[str] | None:
    if isinstance(expression, LicenseWithExceptionSymbol):
        # An exception only ever allows more.
        return _needed(expression.license_symbol)
    if isinstance(expression, LicenseSymbol):
        key = str(expression.key)
        return frozenset([key]) if key in FREE or key in CONDITIONS else None
    parts = [_needed(part) for part in expression.args]
    if expression.operator.strip() == "OR":
        return min((part for part in parts if part is not None), key=lambda part: len(part - FREE), default=None)
    allowed = [part for part in parts if part is not None]
    return frozenset().union(*allowed) if len(allowed) == len(parts) else None


def _field(found: PackageMetadata, name: str) -> str | None:
    return found[name] if name in found else None  # noqa: SIM401  # its protocol has no `get` before Python 3.12


def _spdx(text: str | None) -> str | None:
    try:
        return canonicalize_license_expression(text) if text else None
    except InvalidLicenseExpression:
        return None


def _classified(found: PackageMetadata) -> str | None:
    return next((_CLASSIFIERS[name] for name in found.get_all("Classifier") or () if name in _CLASSIFIERS), None)


if __name__ == "__main__":
    main()
