"""The bill of materials of what faqbot runs with, in CycloneDX 1.6: `python -m dependencies.sbom`, or `make sbom`.

Every package of `run.txt` and PyTorch, with version, licence, the hashes of its files and what requires it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

from dependencies.licences import licence_of
from dependencies.lock_file import FOLDER, Pin, parse, read
from faqbot import __version__

FILE = Path("dist") / "faqbot.cdx.json"


def main() -> None:
    """Write dist/faqbot.cdx.json."""
    FILE.parent.mkdir(exist_ok=True)
    bom = bill([pin for pin in read("run") if pin.applies()])
    writer = make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6)
    writer.output_to_file(str(FILE), allow_overwrite=True, indent=2)
    sys.stdout.write(f"{FILE} is written: {len(bom.components)} packages.\n")


def bill(pins: list[Pin]) -> Bom:
    """The bill of these packages and PyTorch, which has no hashes since it has several builds."""
    [torch] = parse((FOLDER / "torch.txt").read_text(encoding="utf-8"))
    torch = Pin(torch.name, torch.version, "", (), ("faqbot",))
    components = {pin.name: _component(pin) for pin in [*pins, torch]}
    root = Component(
        name="faqbot",
        version=__version__,
        type=ComponentType.APPLICATION,
        bom_ref="faqbot",
        licenses=[LicenseFactory().make_from_string("MIT")],
    )
    bom = Bom(components=components.values())
    bom.metadata.component = root
    requiring = {"faqbot": root, **components}
    for name, component in requiring.items():
        wanted = [components[pin.name] for pin in [*pins, torch] if name in pin.wanted_by]
        bom.register_dependency(component, wanted)
    return bom


def _component(pin: Pin) -> Component:
    address = PackageURL("pypi", name=pin.name, version=pin.version)
    hashes = [HashType(alg=HashAlgorithm.SHA_256, content=value.removeprefix("sha256:")) for value in pin.hashes]
    files = ExternalReference(type=ExternalReferenceType.DISTRIBUTION, url=XsUri(str(address)), hashes=hashes)
    return Component(
        name=pin.name,
        version=pin.version,
        type=ComponentType.LIBRARY,
        bom_ref=str(address),
        purl=address,
        licenses=[LicenseFactory().make_from_string(licence_of(pin.name))],
        external_references=[files] if hashes else [],
    )


if __name__ == "__main__":
    main()
