from __future__ import annotations

import pytest
import torch

from faqbot.encoder.placement import choose_placement
from faqbot.errors import SettingsError
from faqbot.settings import EncoderSettings


@pytest.mark.parametrize("precision", ["fp32", "fp16", "bf16"])
def test_what_is_set_is_taken(precision: str) -> None:
    placement = choose_placement(EncoderSettings.model_validate({"device": "cpu", "precision": precision}))
    assert (placement.device, placement.precision) == ("cpu", precision)
    assert placement.reason == f"runs on cpu, as set, in {precision}, as set"


def test_auto_takes_a_format_that_the_machine_computes_in_hardware() -> None:
    placement = choose_placement(EncoderSettings())
    fast = {"fp16"} if torch.cuda.is_available() else {"bf16", "fp32"}
    assert placement.precision in fast
    assert placement.device == ("cuda:0" if torch.cuda.is_available() else "cpu")


def test_a_gpu_beyond_those_present_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"encoder\.device"):
        choose_placement(EncoderSettings(device="cuda:63"))
