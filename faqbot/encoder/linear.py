"""A matrix product with a constant matrix, the place where a forward pass spends its time."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


class Linear:
    """`inputs @ weight.T + bias`, then gelu where wanted, in the weight's number format.

    On CPUs oneDNN takes the weight in an order of its own. PyTorch's `linear` puts it into that order on every call,
    which costs as much as the product itself where there are few rows; here it is done once, through the operators
    that `torch.compile` uses for the same purpose.
    """

    def __init__(self, weight: Tensor, bias: Tensor, *, gelu: bool = False) -> None:
        """Take the weight.

        Args:
            weight: Shape (outputs, inputs).
            bias: Shape (outputs,), of the weight's type.
            gelu: Whether the (exact) gelu of the product is wanted.
        """
        self._dtype = weight.dtype
        self._gelu = gelu
        self._bias = bias
        self._packed = _packs(weight)
        self._weight = torch.ops.mkldnn._reorder_linear_weight(weight, None) if self._packed else weight

    def __call__(self, inputs: Tensor) -> Tensor:
        """Multiply.

        Args:
            inputs: Shape (rows, inputs), any floating type.

        Returns:
            Shape (rows, outputs), of the weight's type. A row's numbers do not depend on the other rows: in bf16 not
            at all, in fp32 not beyond rounding.
        """
        inputs = inputs.to(self._dtype)
        if self._packed:
            activation, form = ("gelu", "none") if self._gelu else ("none", "")
            product: Tensor = torch.ops.mkldnn._linear_pointwise(inputs, self._weight, self._bias, activation, [], form)
            return product
        product = functional.linear(inputs, self._weight, self._bias)
        return functional.gelu(product) if self._gelu else product


def _packs(weight: Tensor) -> bool:
    """Whether oneDNN computes the product here; its operators are no public interface, so they may be missing."""
    return (
        weight.device.type == "cpu"
        and weight.dtype in (torch.bfloat16, torch.float32)
        and torch._C._has_mkldnn
        and hasattr(torch.ops.mkldnn, "_reorder_linear_weight")
        and hasattr(torch.ops.mkldnn, "_linear_pointwise")
    )
