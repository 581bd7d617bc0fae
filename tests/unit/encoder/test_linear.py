from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from faqbot.encoder.linear import Linear


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


def test_a_rows_product_does_not_depend_on_the_other_rows() -> None:
    product = Linear(*_weights(torch.bfloat16))
    inputs = torch.randn(70, 32, generator=torch.Generator().manual_seed(5))
    torch.testing.assert_close(product(inputs)[7:8], product(inputs[7:8]), atol=0, rtol=0)
