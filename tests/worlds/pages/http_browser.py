"""What a browser does without a screen: keeps cookies, sends forms with their token, and says where they come from."""

import re

import httpx


class HttpBrowser:
    """One browser at one service."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = httpx.Client(base_url=url, timeout=60, verify=False)  # noqa: S501  (no TLS is spoken)

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def token(self, path: str) -> str:
        """The token of the forms on a page."""
        found = re.search(r'name="form" value="([0-9a-f]+)"', self.get(path).text)
        assert found, self.get(path).text
        return found[1]

    def send(self, path: str, *, at: str = "/account", **fields: str) -> httpx.Response:
        """Send a form that stands on the page ``at``."""
        form = {"form": self.token(at), **fields}
        return self.client.post(path, data=form, headers={"origin": self.url})
