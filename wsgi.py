"""The WSGI application, for `gunicorn wsgi:app` or any other server; settings come as everywhere else.

Making it starts the opening of the services in a thread, so make it in the worker that serves it, after the fork.
"""

from __future__ import annotations

import logging

from faqbot.bootstrap import make_app
from faqbot.settings import load_settings

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")

app = make_app(load_settings(), logging.getLogger("faqbot").info)
