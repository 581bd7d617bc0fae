"""The application: blueprints, and what every request passes on its way in and out."""

from __future__ import annotations

from apiflask import APIFlask
from werkzeug.middleware.proxy_fix import ProxyFix

from faqbot import __version__
from faqbot.delivery.outbox import Outbox
from faqbot.settings import Settings
from faqbot.web import chat, health, openapi
from faqbot.web.admin import audit, checks, entries, feedback, imports, jobs, keys, tests, thresholds, versions
from faqbot.web.agent import lookup, questions
from faqbot.web.channels import BLUEPRINTS as CHANNELS
from faqbot.web.channels import NAMES as CHANNEL_NAMES
from faqbot.web.channels import switches
from faqbot.web.current import Attached
from faqbot.web.middleware import (
    access,
    connection,
    errors,
    headers,
    intake,
    limits,
    lost_database,
    media_types,
    metrics,
)
from faqbot.web.pages import pages
from faqbot.web.services_door import Services, ServicesDoor

_BLUEPRINTS = (
    pages,
    health,
    chat,
    lookup,
    questions,
    feedback,
    entries,
    audit,
    keys,
    imports,
    jobs,
    checks,
    tests,
    thresholds,
    versions,
)


def create_app(services: Services | ServicesDoor, settings: Settings, outbox: Outbox | None = None) -> APIFlask:
    """Make the application.

    Args:
        services: The open services, or a door behind which they are still being opened: until then everything that
            needs them answers 503, and `/healthz`, the page and its files answer as ever.
        settings: All settings; the section `web` is used here.
        outbox: Where replies wait that are sent after a webhook's request; unset: one of the application's own.
    """
    # No documentation page: the usual ones load their scripts from other hosts.
    app = APIFlask(
        __name__, title="faqbot", version=__version__, spec_path="/openapi.json", docs_path=None, json_errors=False
    )
    proxies = settings.web.trusted_proxies
    # The address stays that of the connection; `current.client` says who is behind it.
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=0, x_proto=proxies)  # type: ignore[method-assign]
    # No view and no step is a coroutine; looking at every one of them costs a twentieth of a reply.
    app.ensure_sync = lambda func: func  # type: ignore[method-assign]
    # None but those that are named; without names nothing is made of the one that a request brings.
    app.config["TRUSTED_HOSTS"] = settings.web.allowed_hosts.lower().split() or None
    # Werkzeug would mend a path by leading to an absolute address, which it makes of the `Host` of the request.
    app.url_map.strict_slashes = app.url_map.merge_slashes = False
    app.config["MAX_CONTENT_LENGTH"] = settings.web.upload_megabytes * 1_000_000
    door = services if isinstance(services, ServicesDoor) else ServicesDoor(services)
    Attached(door, settings, outbox or Outbox()).to(app.extensions)
    openapi.register(app)
    errors.register(app)
    # In this order a request is measured from its arrival, given an id and a bound, made known to the model, led to a
    # door that is open, counted, let in, sent back where it could not be kept, and looked at.
    metrics.register(app)
    intake.register(app)
    connection.register(app)
    switches.register(app)
    limits.register(app, settings.limits)
    access.register(app)
    lost_database.register(app)
    media_types.register(app, CHANNEL_NAMES)
    headers.register(app)
    for part in _BLUEPRINTS:
        app.register_blueprint(part.blueprint)
    for channel in CHANNELS:
        app.register_blueprint(channel)
    return app
