"""Serving with gunicorn: what is checked before the first worker starts, and how the workers are run."""

from __future__ import annotations

import gc
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from gunicorn.app.base import BaseApplication

from faqbot.bootstrap import Container, make_app
from faqbot.connections.worker import note_status, worker_class
from faqbot.encoder.catalogue import describe_model
from faqbot.encoder.checkpoints.hub import BGE_M3
from faqbot.encoder.preloading import preload
from faqbot.errors import ModelUnavailable, PortInUse
from faqbot.language import _
from faqbot.settings import Settings
from faqbot.web.middleware.limits import Limits

if TYPE_CHECKING:
    from flask import Flask

Report = Callable[[str], None]

_FIRST_KEY = "made at first start"


def gunicorn_options(settings: Settings) -> dict[str, object]:
    """How gunicorn runs faqbot.

    One worker process with threads is the default (`docs/decisions/0005` has the measured memory and latency): encoding
    releases the interpreter lock, and the threads share the cores. It loads the model itself, so it listens at once;
    several share one that is loaded before they are forked.
    """
    web = settings.web
    return {
        "bind": f"{web.host}:{web.port}",
        "workers": web.workers,
        "worker_class": worker_class(web),
        "post_request": note_status,
        "threads": web.threads,
        "preload_app": False,
        "timeout": 120,
        "graceful_timeout": 15,
        # Whether, not how long: that is `web.idle_seconds`.
        "keepalive": 1,
        "worker_connections": web.connections + web.threads,
        # A reply goes through `faqbot.connections.replying`, never from a file past it.
        "sendfile": False,
        "control_socket_disable": True,
        # No header may say where the application lies or who was signed in; how many proxies are trusted with what is
        # `web.trusted_proxies`.
        "forwarded_allow_ips": "",
        "forwarder_headers": "",
        "accesslog": None,
        "errorlog": "-",
        "loglevel": "warning",
    }


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn around one application, configured by our settings."""

    def __init__(self, settings: Settings, make_app: Callable[[], Flask]) -> None:
        """Bind the settings and the function that makes the application in each worker."""
        self._settings = settings
        self._make_app = make_app
        super().__init__()

    def load_config(self) -> None:
        """Hand our options to gunicorn."""
        for name, value in gunicorn_options(self._settings).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application; called in each worker."""
        return self._make_app()


def serve(settings: Settings, host: str | None, port: int | None, report: Report, *, anew: bool = False) -> None:
    """Prepare what every worker relies on, then serve until stopped.

    Args:
        settings: All settings.
        host: Stands in for `web.host`.
        port: Stands in for `web.port`.
        report: Told what happens.
        anew: Whether to begin with the starter knowledge base where a database was and is no more.

    Raises:
        PortInUse: Something listens there already.
        SettingsError: Requests cannot be counted where the settings say.
        DatabaseUnavailable: The database cannot be opened or written.
        DatabaseLost: It is gone, or another installation's.
        ModelUnavailable: The model cannot be had.
    """
    changes = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = settings.model_copy(update={"web": settings.web.model_copy(update=changes)})
    _check_port(settings.web.host, settings.web.port)
    # Refused here in one line, and not in every worker with a trace of its start.
    Limits(settings.limits)
    if anew:
        settings = settings.model_copy(update={"storage": settings.storage.model_copy(update={"starter": True})})
    container = Container(settings, report, expected="anew" if anew else "known")
    container.load_starter()
    _prepare_model(settings, report)
    if not container.keys.has_admin():
        _hand_over_key(container, report)
    address = f"http://{'localhost' if settings.web.host in ('127.0.0.1', '0.0.0.0') else settings.web.host}"  # noqa: S104
    report(_("Serving on {address}:{port} (stop with Ctrl+C)", address=address, port=settings.web.port))
    container.storage.close()
    preloaded = None
    if settings.web.workers > 1:
        preloaded = preload(settings.encoder, settings.web.workers, report)
        # What the garbage collector does not touch stays shared.
        gc.freeze()
    Server(settings, lambda: make_app(settings, report, preloaded)).run()


def _hand_over_key(container: Container, report: Report) -> None:
    """Make the first admin key, for whoever sits at the terminal or may read the database: logs are read by others."""
    if sys.stderr.isatty():
        report(_("Admin key, shown this once: {key}", key=container.keys.create("admin", _FIRST_KEY).key))
        return
    folder = container.storage.folder
    if folder is None:
        report(_("There is no admin key yet; `faqbot key create --role admin` makes one."))
        return
    path = folder / "admin-key"
    try:
        path.unlink(missing_ok=True)
        file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii")
    except OSError:
        report(_("There is no admin key yet; `faqbot key create --role admin` makes one."))
        return
    with file:
        file.write(container.keys.create("admin", _FIRST_KEY).key + "\n")
    report(_("The admin key is in {path}; keep it elsewhere and delete the file.", path=path))


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # As gunicorn does: connections that linger after a restart do not block the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortInUse(
                _(
                    "Cannot listen on {host}:{port} ({reason}): stop the other program or choose another --port.",
                    host=host,
                    port=port,
                    reason=error.strerror,
                )
            ) from None


def _prepare_model(settings: Settings, report: Report) -> None:
    """Build or fetch the model in a process of its own, so that the workers' parent never loads torch."""
    name = settings.encoder.model
    if name == "auto":
        name = BGE_M3 if describe_model(BGE_M3, settings.encoder).is_present else "compact"
    if describe_model(name, settings.encoder).is_present:
        return
    environment = {**os.environ, "FAQBOT_ENCODER__CACHE_DIR": str(settings.encoder.cache_dir)}
    # Our own program, with a name that the catalogue knows.
    child = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "faqbot", "model", "pull", name], env=environment, stderr=subprocess.PIPE, text=True
    )
    last = ""
    for line in child.stderr or ():
        last = line.strip().removeprefix("faqbot: ")
        report(last)
    if child.wait():
        raise ModelUnavailable(last or _("The model '{name}' is not available.", name=name))
