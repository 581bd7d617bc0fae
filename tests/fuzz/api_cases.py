"""Requests that schemathesis makes up from `/openapi.json`: some as the document says, some against it."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from faqbot.formats import FORMATS

_CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]

# What is there, by the names of parameters and fields: made-up values alone would hardly ever meet anything.
_THERE: Mapping[str, tuple[object, ...]] = {
    "entry_id": ("refund", "refund.en", "shipping", "invoice"),
    "id": ("refund", "made-up"),
    "ids": (["refund"], ["refund", "shipping"]),
    "entry_ids": (["refund"], []),
    "number": (1, 2),
    "job_id": (1, 2),
    "version": (1, 2),
    "earlier": (1,),
    "later": (1, 2),
    "file_format": tuple(FORMATS),
    "name": ("faqbot", "compact"),
    "model": ("faqbot", "compact"),
    "question": ("如何申请退款？", "多久发货", "refund"),
    "q": ("如何申请退款？", "refund"),
    "mode": ("dense", "hybrid"),
    "top": (1, 3),
    "language": ("zh", "en"),
    "messages": ([{"role": "user", "content": "多久发货", "text": "多久发货"}],),
    "message": ("多久发货",),
    "tag": ("热门",),
    "filters": ({"tag": ["热门"]}, None),
    "since": ("2026-01-01",),
}


@dataclass
class Fuzzed:
    """What came of many requests.

    Attributes:
        statuses: How often each operation replied with each status: (operation, status) to a count.
        faults: The first fault of each kind, by operation and title.
    """

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    faults: dict[tuple[str, str], str] = field(default_factory=dict)


def fuzz(app: Flask, cases: int, headers: Mapping[str, str], chosen: int) -> Fuzzed:
    """Send requests to every operation of the document, and compare each reply with it.

    Args:
        app: The application.
        cases: How many requests at least, shared among the operations.
        headers: Sent with each, such as a key.
        chosen: A seed: the same one makes up the same requests.
    """
    found = Fuzzed()
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app)
    operations = [each.ok() for each in schema.get_all_operations()]
    for place, operation in enumerate(operations):
        share = -(-(cases - found.statuses.total()) // (len(operations) - place))
        # Nothing can be sent against a description that lets everything pass; then all requests are as it says.
        _send(operation, GenerationMode.NEGATIVE, max(1, share // 2), headers, chosen, found)
        sent = sum(count for (label, _), count in found.statuses.items() if label == operation.label)
        _send(operation, GenerationMode.POSITIVE, max(1, share - sent), headers, chosen, found)
    return found


def _send(
    operation: Any, mode: GenerationMode, share: int, headers: Mapping[str, str], chosen: int, found: Fuzzed
) -> None:
    @seed(chosen)
    @settings(
        max_examples=share,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    def send(case: Any, data: st.DataObject) -> None:
        if data.draw(st.booleans()):
            for part in (case.path_parameters, case.query, case.body):
                _meet_what_is_there(part, data)
        response = case.call(headers=dict(headers))
        found.statuses[operation.label, response.status_code] += 1
        try:
            case.validate_response(response, checks=_CHECKS)
        except FailureGroup as group:
            for fault in group.exceptions:
                found.faults.setdefault((operation.label, fault.title), f"{case.as_curl_command()}\n{fault}")

    with warnings.catch_warnings():
        # The tool warns of what it cannot make up.
        warnings.simplefilter("ignore")
        try:
            send()
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE, operation.label


def _meet_what_is_there(part: object, data: st.DataObject) -> None:
    if isinstance(part, dict):
        for name in part.keys() & _THERE.keys():
            part[name] = data.draw(st.sampled_from(_THERE[name]))
