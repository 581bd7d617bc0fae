from __future__ import annotations

import pytest
import torch

from faqbot.encoder.inference.linear import multiplies_int8
from faqbot.encoder.inference.placement import choose_placement
from faqbot.errors import SettingsError
from faqbot.settings import EncoderSettings


@pytest.mark.parametrize("precision", ["fp32", "fp16", "bf16", *(["int8"] if multiplies_int8() else [])])
def test_what_is_set_is_taken(precision: str) -> None:
    placement = choose_placement(EncoderSettings.model_validate({"device": "cpu", "precision": precision}))
    assert (placement.device, placement.precision) == ("cpu", precision)
    assert placement.reason == f"runs on cpu, as set, in {precision}, as set"


def test_auto_takes_a_format_that_the_machine_computes_in_hardware() -> None:
    placement = choose_placement(EncoderSettings())
    fast = {"fp16"} if torch.cuda.is_available() else {"bf16", "fp32"}
    assert placement.precision in fast
    assert placement.device == ("cuda:0" if torch.cuda.is_available() else "cpu")


@pytest.mark.parametrize(
    ("avx512_bf16", "amx", "taken"),
    [
        (True, False, "bf16, which this CPU computes in hardware"),
        (False, True, "bf16, which this CPU computes in hardware"),
        (False, False, "fp32, as this CPU has no bf16 in hardware"),
    ],
)
def test_auto_asks_the_cpu_and_says_what_it_found(
    avx512_bf16: bool, amx: bool, taken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Fake: what other CPUs than this one would say of themselves.
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: avx512_bf16)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: amx)
    assert choose_placement(EncoderSettings(device="cpu")).reason == f"runs on cpu, as set, in {taken}"


def test_int8_is_refused_on_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    # Fake: a machine with one GPU.
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    with pytest.raises(SettingsError, match=r"encoder\.precision.*runs on CPUs.*cuda:0.*set it to auto"):
        choose_placement(EncoderSettings(precision="int8"))


def test_a_gpu_beyond_those_present_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"encoder\.device"):
        choose_placement(EncoderSettings(device="cuda:63"))
