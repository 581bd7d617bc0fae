"""gunicorn's settings, for `gunicorn wsgi:app`: the very ones of `faqbot serve`, which says why they are so.

- one worker by default (`web.workers`), because each holds the model;
- threads (`web.threads`) for requests at a time: encoding releases the interpreter lock;
- no preloading: torch's thread pool does not survive a fork, so each worker loads the model itself;
- no control socket: two servers of one user would share it.
"""

from __future__ import annotations

from faqbot.serving import gunicorn_options
from faqbot.settings import load_settings

globals().update(gunicorn_options(load_settings()))
