"""Calling another program's HTTP API: with time-outs, and with retries that can send nothing twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from faqbot.contract import parse_json
from faqbot.errors import VendorFailed
from faqbot.language import _

Json = dict[str, Any]

_CONNECT_SECONDS = 3.0
_READ_SECONDS = 10.0
# Tried again only where the request surely did nothing: no connection came about, or the other side said to come later.
# After a lost answer a second try could send the customer the same message twice.
_REFUSED_FOR_NOW = (429, 503)
_TRIES_AGAIN = 3
_MOST_BYTES = 1_000_000


class VendorApi:
    """JSON over HTTP with one vendor. Safe to share among threads."""

    def __init__(self, url: str, headers: Mapping[str, str] | None = None, *, pause: float = 0.5) -> None:
        """Prepare the connections; connects to nothing yet.

        Args:
            url: Where the API is, without a slash at the end.
            headers: Sent with every request.
            pause: Seconds before the second retry; each later pause is twice as long.
        """
        # Only where a messenger is set up; the start of others need not wait for it.
        import urllib3

        self._url = url.rstrip("/")
        retries = urllib3.Retry(
            total=_TRIES_AGAIN,
            read=0,
            other=0,
            # A redirect would carry the token to a place that nobody configured.
            redirect=False,
            status_forcelist=_REFUSED_FOR_NOW,
            allowed_methods=None,
            backoff_factor=pause,
            raise_on_status=False,
            retry_after_max=10,
        )
        timeout = urllib3.Timeout(connect=_CONNECT_SECONDS, read=_READ_SECONDS)
        self._pool = urllib3.PoolManager(timeout=timeout, retries=retries, headers=dict(headers or {}))

    def post(self, path: str, body: Json, headers: Mapping[str, str] | None = None) -> Json:
        """Post JSON and read the JSON that comes back; an empty object where none does.

        Raises:
            VendorFailed: There was no answer, or not one of success.
        """
        return self._call("POST", path, json=body, headers={**self._pool.headers, **(headers or {})})

    def get(self, path: str, fields: Mapping[str, str]) -> Json:
        """Read JSON; arguments in the query. Errors as in `post`."""
        return self._call("GET", path, fields=dict(fields), headers=dict(self._pool.headers))

    def _call(self, method: str, path: str, **options: Any) -> Json:  # noqa: ANN401
        from urllib3.exceptions import HTTPError  # As above.

        # The query may hold a token, so no message names it.
        place = f"{self._url}{path.partition('?')[0]}"
        try:
            response = self._pool.request(method, f"{self._url}{path}", preload_content=False, **options)
            content = response.read(_MOST_BYTES)
            response.release_conn()
        except HTTPError as error:
            raise VendorFailed(
                _("{place} could not be reached ({name}).", place=place, name=type(error).__name__)
            ) from error
        if not 200 <= response.status < 300:
            raise VendorFailed(_("{place} answered {status}.", place=place, status=response.status))
        return _parsed(content)


def _parsed(content: bytes) -> Json:
    try:
        value = parse_json(content)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
