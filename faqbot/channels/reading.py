"""Bodies of other programs: what we use is checked, what we do not know is let pass, as their own services do."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from faqbot.errors import InvalidRequest
from faqbot.language import _


class Incoming(BaseModel):
    """A body, or part of one; every field under the name that its protocol gives it."""

    model_config = ConfigDict(extra="ignore", frozen=True)


_Form = TypeVar("_Form", bound=Incoming)


def read(form: type[_Form], body: object) -> _Form:
    """Check a parsed body.

    Raises:
        InvalidRequest: The sentence names the first field that is wrong; `details` holds that name.
    """
    try:
        return form.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        if not name:
            raise InvalidRequest(_("The body must be a JSON object."), [name]) from None
        # In pydantic's words, which are English.
        reason = first["msg"][0].lower() + first["msg"][1:].rstrip(".")
        raise InvalidRequest(_("`{name}`: {reason}.", name=name[:100], reason=reason), [name]) from None
