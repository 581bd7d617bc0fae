"""API keys: who may call, by what name, until when."""

from __future__ import annotations

from apiflask import APIBlueprint

from faqbot.services.admin.keys import KeyList, NewKey
from faqbot.web.bodies.keys import KeyBody, RotationBody
from faqbot.web.current import services
from faqbot.web.shapes.shape import shape

blueprint = APIBlueprint("keys", __name__, url_prefix="/api/v1/keys")


@blueprint.get("")
@blueprint.output(shape(KeyList))
def list_keys() -> KeyList:
    """List the keys by number, with their last use; the keys themselves are not stored."""
    return services().keys.list()


@blueprint.post("")
@blueprint.input(KeyBody)
@blueprint.output(shape(NewKey), status_code=201)
def create_key(json_data: KeyBody) -> NewKey:
    """Create a key; the reply shows it, once."""
    return services().keys.create(json_data.role, json_data.name, json_data.expires)


@blueprint.post("/<int:number>/rotate")
@blueprint.input(RotationBody)
@blueprint.output(shape(NewKey), status_code=201)
def rotate_key(number: int, json_data: RotationBody) -> NewKey:
    """Create a key with the role and name of another, which goes on working for a while; the reply shows it, once."""
    return services().keys.rotate(number, json_data.overlap_days, json_data.expires)


@blueprint.delete("/<int:number>")
@blueprint.output({}, status_code=204)
def revoke_key(number: int) -> str:
    """Revoke a key: it stops working at once."""
    services().keys.revoke(number)
    return ""
