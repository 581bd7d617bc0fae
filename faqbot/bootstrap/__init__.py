"""From settings to a program that works."""

from faqbot.bootstrap.container import Container
from faqbot.bootstrap.content import EVERYDAY, SERVICE_DESK, STARTER, content_file, starter_file
from faqbot.bootstrap.opening import make_app, open_services, services_of

__all__ = [
    "EVERYDAY",
    "SERVICE_DESK",
    "STARTER",
    "Container",
    "content_file",
    "make_app",
    "open_services",
    "services_of",
    "starter_file",
]
