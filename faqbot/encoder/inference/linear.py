"""A matrix product with a constant matrix, the place where a forward pass spends its time."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

_TINY = 1e-30
"""Stands in for a range of zero, which cannot be divided by."""


def make_linear(weight: Tensor, bias: Tensor, dtype: torch.dtype, *, gelu: bool = False) -> Linear | Int8Linear:
    """The product in a number format.

    Args:
        weight: Shape (outputs, inputs), any floating type, on the device where it shall run.
        bias: Shape (outputs,).
        dtype: A floating type, or `torch.int8`, which runs on CPUs only.
        gelu: Whether the (exact) gelu of the product is wanted.
    """
    if dtype == torch.int8:
        return Int8Linear(weight, bias, gelu=gelu)
    return Linear(weight.to(dtype), bias.to(dtype), gelu=gelu)


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


class Int8Linear:
    """The same with both sides rounded to 8 bits: the weight by one scale per output, the inputs by their rows' ranges.

    PyTorch's dynamic quantisation has one scale for all rows, so that a text's numbers would depend on its companions.
    Every row's own lowest and highest number, rather than its largest absolute one, keep twice the resolution behind
    gelu, whose results are hardly ever negative.
    """

    def __init__(self, weight: Tensor, bias: Tensor, *, gelu: bool = False) -> None:
        """Take the weight; see `make_linear`."""
        self._gelu = gelu
        self._bias = bias.float()
        self._steps = weight.float().abs().amax(dim=1).clamp_min(_TINY) / 127
        rounded = (weight.float() / self._steps[:, None]).round()
        self._sums = rounded.sum(dim=1) * self._steps
        self._zeros = torch.zeros(len(weight), dtype=torch.int32)
        self._weight = torch.ops.onednn.qlinear_prepack(rounded.to(torch.int8), None)

    def __call__(self, inputs: Tensor) -> Tensor:
        """Multiply.

        Args:
            inputs: Shape (rows, inputs), any floating type.

        Returns:
            Shape (rows, outputs), float32. A row's numbers do not depend on the other rows.
        """
        inputs = inputs.float()
        # `aminmax` gives both at once and takes ten times as long.
        low = inputs.amin(dim=1, keepdim=True)
        steps = (inputs.amax(dim=1, keepdim=True) - low).clamp_min_(_TINY) / 255
        rounded = (inputs - low).div_(steps).round_().to(torch.uint8)
        product = torch.ops.onednn.qlinear_pointwise(
            rounded, 1.0, 0, self._weight, self._steps, self._zeros, None, 1.0, 0, torch.float32, "none", [], ""
        )
        # inputs = low + steps * rounded, so the weight's sums, times `low`, are what is still missing.
        product = torch.addcmul(self._bias, product, steps).addr_(low[:, 0], self._sums)
        return functional.gelu(product) if self._gelu else product


def multiplies_int8() -> bool:
    """Whether `Int8Linear` computes rightly here.

    CPUs without VNNI add pairs of products in 16 bits, which overflow: the vectors would be wrong. And oneDNN's
    operators are no public interface, so they may be missing.
    """
    operators = torch.ops.onednn
    if not (torch._C._has_mkldnn and hasattr(operators, "qlinear_prepack") and hasattr(operators, "qlinear_pointwise")):
        return False
    inputs = torch.full((1, 64), 255.0)
    inputs[0, 0] = 0.0  # So that the lowest number is 0 and a step is 1.
    product = Int8Linear(torch.full((64, 64), 127.0), torch.zeros(64))(inputs)
    return bool((product == 63 * 255 * 127).all())


def _packs(weight: Tensor) -> bool:
    """Whether oneDNN computes the product here; its operators are no public interface, so they may be missing."""
    if weight.device.type != "cpu" or not torch._C._has_mkldnn:
        return False
    operators = torch.ops.mkldnn
    if not (hasattr(operators, "_reorder_linear_weight") and hasattr(operators, "_linear_pointwise")):
        return False
    if weight.dtype == torch.bfloat16:  # Refused by oneDNN on CPUs without AVX-512; PyTorch's own product is not.
        return bool(operators._is_mkldnn_bf16_supported())
    return weight.dtype == torch.float32
