"""Requests counted and timed for Prometheus, by route and never by what was asked."""

from __future__ import annotations

import os
from time import perf_counter

from flask import Flask, Response, current_app, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

_NAME = "faqbot_metrics"


class RequestMetrics:
    """The two series of one application."""

    def __init__(self) -> None:
        """Start at zero."""
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self._requests = Counter("faqbot_requests", "HTTP requests answered.", labels, registry=self.registry)
        self._seconds = Histogram(
            "faqbot_request_seconds", "Time from a request's arrival to its reply.", ("route",), registry=self.registry
        )

    def start(self) -> None:
        """Note when the request came."""
        g.started = perf_counter()

    def finish(self, response: Response) -> Response:
        """Count the request under its route's pattern; what is unknown shares one label, so it cannot flood."""
        route = request.url_rule.rule if request.url_rule else "unknown"
        method = request.method if request.url_rule else "any"
        self._requests.labels(method, route, str(response.status_code)).inc()
        self._seconds.labels(route).observe(perf_counter() - g.started)
        return response


def register(app: Flask) -> None:
    """Measure every request of the application; to be registered before everything else."""
    measured = RequestMetrics()
    app.extensions[_NAME] = measured
    app.before_request(measured.start)
    app.after_request(measured.finish)


def exposition() -> tuple[bytes, str]:
    """The metrics as Prometheus reads them, and their content type; of all processes where there are several."""
    registry: CollectorRegistry = current_app.extensions[_NAME].registry
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry), CONTENT_TYPE_LATEST
