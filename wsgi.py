"""The WSGI application, for `gunicorn wsgi:app` or any other server; settings come as everywhere else.

Making it starts the opening of the services in a thread, so make it in the worker that serves it, after the fork.
`faqbot serve` does more: it makes the first admin key and loads the starter knowledge base into an empty database.
"""

from __future__ import annotations

import logging

from faqbot.bootstrap import make_app
from faqbot.process import collect_garbage_rarely, keep_few_heaps, keep_few_programs, log_in_lines
from faqbot.settings import load_settings

collect_garbage_rarely()
keep_few_heaps()
keep_few_programs()

log_in_lines()
_log = logging.getLogger("faqbot")
_log.setLevel(logging.INFO)

app = make_app(load_settings(), _log.info)
