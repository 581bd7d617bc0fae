from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from faqbot.encoder.inference.linear import Linear, make_linear, multiplies_int8

# A CPU without VNNI refuses int8 (`test_placement.py`); there, and only there, fp32 stands in for it.
INT8 = torch.int8 if multiplies_int8() else torch.float32


def _weights(dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor]:
    random = torch.Generator().manual_seed(3)
    return torch.randn(64, 32, generator=random).to(dtype), torch.randn(64, generator=random).to(dtype)


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.bfloat16, 0.05)])
@pytest.mark.parametrize("gelu", [False, True])
def test_the_product_is_that_of_torch(dtype: torch.dtype, tolerance: float, gelu: bool) -> None:
    weight, bias = _weights(dtype)
    inputs = torch.randn(5, 32, generator=torch.Generator().manual_seed(4))
    expected = functional.linear(inputs.to(dtype).float(), weight.float(), bias.float())
    expected = functional.gelu(expected) if gelu else expected
    found = Linear(weight, bias, gelu=gelu)(inputs)
    assert found.dtype == dtype
    # bf16 has eight bits: a value around 20 is rounded by up to 0.06, one around 1 by 0.004.
    torch.testing.assert_close(found.float(), expected, atol=tolerance, rtol=0.01)


@pytest.mark.parametrize("dtype", [torch.bfloat16, *([torch.int8] if multiplies_int8() else [])])
def test_a_rows_product_does_not_depend_on_the_other_rows(dtype: torch.dtype) -> None:
    product = make_linear(*_weights(torch.float32), dtype)
    inputs = torch.randn(70, 32, generator=torch.Generator().manual_seed(5))
    inputs[8] *= 1000  # What would decide the scale of all rows, were there only one.
    torch.testing.assert_close(product(inputs)[7:8], product(inputs[7:8]), atol=0, rtol=0)


def test_int8_is_exact_where_eight_bits_are_enough() -> None:
    # Every weight is a whole number of steps of 1 (127 / 127), every input one of steps of 2 above -10 (510 / 255).
    weight = torch.tensor([[127.0, -3.0, 5.0], [1.0, 2.0, -127.0]])
    inputs = torch.tensor([[-10.0, 0.0, 500.0], [500.0, -10.0, -10.0]])
    # -1270 + 0 + 2500 + 1; -10 + 0 - 63500 + 2; 63500 + 30 - 50 + 1; 500 - 20 + 1270 + 2.
    expected = torch.tensor([[1231.0, -63508.0], [63481.0, 1752.0]])
    torch.testing.assert_close(make_linear(weight, torch.tensor([1.0, 2.0]), INT8)(inputs), expected)


@pytest.mark.parametrize("gelu", [False, True])
def test_int8_is_off_by_what_rounding_explains(gelu: bool) -> None:
    weight, bias = _weights(torch.float32)
    inputs = torch.randn(5, 32, generator=torch.Generator().manual_seed(4))
    expected = functional.linear(inputs, weight, bias)
    expected = functional.gelu(expected) if gelu else expected
    # Both sides are off by half a step at most, about 0.01: 32 products of numbers around 1 by 0.05, 0.2 at worst.
    error = (make_linear(weight, bias, INT8, gelu=gelu)(inputs) - expected).abs()
    assert error.mean() < 0.06
    assert error.max() < 0.25


def test_a_row_of_one_number_only_and_a_weight_of_zeros_are_no_trouble_in_int8() -> None:
    product = make_linear(torch.tensor([[0.0, 0.0], [3.0, 3.0]]), torch.tensor([7.0, 0.0]), INT8)
    torch.testing.assert_close(product(torch.tensor([[0.0, 0.0], [2.0, 2.0]])), torch.tensor([[7.0, 0.0], [7.0, 12.0]]))


def test_bf16_goes_without_onednn_where_onednn_refuses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    # Fake: a CPU without AVX-512, where oneDNN raises on bf16.
    monkeypatch.setattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", lambda: False)
    weight, bias = _weights(torch.bfloat16)
    inputs = torch.ones(2, 32).bfloat16()
    assert torch.equal(Linear(weight, bias)(inputs), functional.linear(inputs, weight, bias))
