"""Whether the process runs, whether it can answer, and how it fares."""

from __future__ import annotations

from collections.abc import Callable

from apiflask import APIBlueprint, FileSchema
from flask import Response

from faqbot.contract import Json
from faqbot.errors import FaqbotError, ModelMismatch
from faqbot.web.current import services
from faqbot.web.middleware.metrics import exposition
from faqbot.web.services_door import Services

blueprint = APIBlueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Json:
    """Say that the process runs; it may still be loading."""
    return {"status": "ok"}


@blueprint.get("/readyz")
def readyz() -> tuple[Json, int, dict[str, str]]:
    """Say whether questions can be answered, check by check; 503 until they can."""
    try:
        opened = services()
    except FaqbotError as error:
        return _report({"services": _failed(error)})
    checks = {name: _outcome(check, opened) for name, check in _CHECKS.items()}
    return _report(checks, opened)


@blueprint.get("/metrics")
@blueprint.output(FileSchema(type="string", format="text"), content_type="text/plain", description="Prometheus text.")
def metrics() -> Response:
    """Give the counts and times of requests in Prometheus' format."""
    content, kind = exposition()
    return Response(content, content_type=kind)


def _check_schema(opened: Services) -> None:
    opened.storage_check()


def _check_index(opened: Services) -> None:
    opened.published.snapshot  # noqa: B018  # the property raises where there is nothing to answer from
    if opened.published.problem and not isinstance(opened.published.problem, ModelMismatch):
        raise opened.published.problem


def _check_fingerprint(opened: Services) -> None:
    if isinstance(opened.published.problem, ModelMismatch):
        raise opened.published.problem


_CHECKS: dict[str, Callable[[Services], None]] = {
    "schema": _check_schema,
    "index": _check_index,
    "fingerprint": _check_fingerprint,
}


def _outcome(check: Callable[[Services], None], opened: Services) -> Json:
    try:
        check(opened)
    except FaqbotError as error:
        return _failed(error)
    return {"ok": True}


def _failed(error: FaqbotError) -> Json:
    return {"ok": False, "code": error.code, "message": str(error)}


def _report(checks: dict[str, Json], opened: Services | None = None) -> tuple[Json, int, dict[str, str]]:
    ready = opened is not None and all(check["ok"] for check in checks.values())
    body: Json = {"status": "ready" if ready else "not_ready", "checks": checks}
    if opened is not None:
        body["model"] = opened.encoder_info().model
    if opened is not None and checks["index"]["ok"]:
        body["version"] = opened.published.snapshot.version
    return body, (200 if ready else 503), ({} if ready else {"Retry-After": "5"})
