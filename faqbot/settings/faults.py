"""What is wrong with a setting, in one sentence of our own."""

from __future__ import annotations

from collections.abc import Container, Iterable

from pydantic_core import ErrorDetails

from faqbot.errors import SettingsError, UnknownSetting
from faqbot.language import Text, _

_WHOLE, _NUMBER = _("must be a whole number"), _("must be a number")
_FAULTS = {
    "greater_than": _("must be more than {gt}"),
    "greater_than_equal": _("must be {ge} or more"),
    "less_than_equal": _("must be {le} or less"),
    "literal_error": _("must be one of {expected}"),
    "string_pattern_mismatch": _("must have the form {pattern}"),
    "string_too_short": _("must have at least {min_length} characters"),
    "string_too_long": _("must have at most {max_length} characters"),
    "string_type": _("must be text"),
    "bool_parsing": _("must be true or false"),
    "bool_type": _("must be true or false"),
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "int_from_float": _WHOLE,
    "int_parsing": _WHOLE,
    "int_type": _WHOLE,
    "list_type": _("must be a list"),
    "tuple_type": _("must be a list"),
    "model_type": _("must hold names and values"),
}
"""By pydantic's type of error, whose context fills in the values."""


def explain(error: ErrorDetails, known: Iterable[str], secrets: Container[str]) -> SettingsError:
    """The error to raise.

    Args:
        error: The first that pydantic found.
        known: Names that may stand in its place.
        secrets: Settings, as `section.name`, whose values are not repeated.
    """
    name = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return UnknownSetting(_("There is no setting '{name}'; known here: {known}.", name=name, known=sorted(known)))
    if name in secrets:
        return SettingsError(_("The value of setting '{name}' {fault}.", name=name, fault=_fault(error)))
    return SettingsError(
        _("Setting '{name}' is {value!r}; it {fault}.", name=name, value=error["input"], fault=_fault(error))
    )


def _fault(error: ErrorDetails) -> Text:
    context = error.get("ctx", {})
    if "expected" in context:
        # pydantic's list ends in an English "or".
        context["expected"] = context["expected"].replace(" or ", ", ")
    if error["type"] == "value_error":
        # Raised by a check of our own.
        return Text(str(context["error"]))
    if error["type"] in _FAULTS:
        return Text(_FAULTS[error["type"]], context)
    return _("cannot be used: {reason}", reason=error["msg"])
