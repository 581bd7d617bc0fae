"""Which device and which number format a model runs in."""

from __future__ import annotations

from dataclasses import dataclass

from faqbot.errors import SettingsError
from faqbot.language import _
from faqbot.settings import EncoderSettings


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the forward pass runs.

    Attributes:
        device: As torch names it: `cpu`, `cuda:0`.
        precision: `fp32`, `fp16`, `bf16` or `int8`: of the backbone; pooling, heads and norms are always fp32.
        reason: One sentence for people.
    """

    device: str
    precision: str
    reason: str


def choose_placement(settings: EncoderSettings) -> Placement:
    """Follow the settings; where they say `auto`, take what is fast on this machine.

    Raises:
        SettingsError: A GPU is asked for that is not there, or a format that this device does not have.
    """
    device, device_reason = _choose_device(settings.device)
    precision, precision_reason = _choose_precision(settings.precision, device)
    reason = _(
        "runs on {device}, {device_reason}, in {precision}, {precision_reason}",
        device=device,
        device_reason=device_reason,
        precision=precision,
        precision_reason=precision_reason,
    )
    return Placement(device, precision, reason)


def _choose_device(wanted: str) -> tuple[str, str]:
    import torch

    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if wanted == "cpu":
        return "cpu", _("as set")
    if wanted == "auto":
        return ("cuda:0", _("the first GPU")) if count else ("cpu", _("as there is no GPU"))
    device = wanted if ":" in wanted else f"{wanted}:0"
    if int(device.partition(":")[2]) >= count:
        raise SettingsError(
            _(
                "Setting 'encoder.device' is '{wanted}', but torch sees {count} GPUs here; set it to auto or cpu.",
                wanted=wanted,
                count=count,
            )
        )
    return device, _("as set")


def _choose_precision(wanted: str, device: str) -> tuple[str, str]:
    if wanted == "int8":
        _require_int8(device)
    if wanted != "auto":
        return wanted, _("as set")
    if device != "cpu":
        return "fp16", _("the usual one on GPUs")
    if _cpu_multiplies_bf16():
        return "bf16", _("which this CPU computes in hardware")
    return "fp32", _("as this CPU has no bf16 in hardware")


def _require_int8(device: str) -> None:
    from faqbot.encoder.inference.linear import multiplies_int8

    if device != "cpu":
        raise SettingsError(
            _(
                "Setting 'encoder.precision' is 'int8', which runs on CPUs, and the device is {device}; set "
                "it to auto, or encoder.device to cpu.",
                device=device,
            )
        )
    if not multiplies_int8():
        raise SettingsError(
            _(
                "Setting 'encoder.precision' is 'int8', which this CPU computes wrongly, as it has no VNNI; "
                "set it to auto."
            )
        )


def _cpu_multiplies_bf16() -> bool:
    """Whether the CPU has AVX512_BF16 or AMX; elsewhere bf16 is emulated and slower than fp32."""
    import torch

    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())
