"""Serves a shop's page with the chat on it, under a strict Content-Security-Policy.

Usage: python examples/widget/serve.py [--chat URL] [--port N] [--language, --theme, ... as asked]
"""

import argparse
import string
from functools import partial
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HERE = Path(__file__).parent
ATTRIBUTES = ("language", "theme", "colour", "position", "title")  # docs/widget.md

# All that the chat needs is its own address, twice.
POLICY = (
    "default-src 'none'; script-src {chat}; frame-src {chat}; style-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)


class Shop(BaseHTTPRequestHandler):
    """Answers with the page and its stylesheet, and with nothing else."""

    def __init__(self, chat: str, attributes: str, *given: object) -> None:
        page = string.Template((HERE / "shop.html").read_text(encoding="utf-8"))
        style = (HERE / "shop.css").read_text(encoding="utf-8")
        self.files = {
            "/": ("text/html", page.substitute(chat=chat, attributes=attributes)),
            "/shop.css": ("text/css", style),
        }
        self.policy = POLICY.format(chat=chat)
        super().__init__(*given)  # type: ignore[arg-type]  # request, address, server

    def do_GET(self) -> None:  # http.server's name
        """The page, or its stylesheet."""
        if self.path not in self.files:
            self.send_error(404)
            return
        kind, text = self.files[self.path]
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Security-Policy", self.policy)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_given: object) -> None:
        """Say nothing of each request."""


def shop(chat: str, port: int, **asked: str | None) -> ThreadingHTTPServer:
    """The shop on 127.0.0.1; `asked` are the script tag's data attributes."""
    attributes = "".join(
        f' data-{name}="{escape(value)}"' for name, value in asked.items() if value
    )
    return ThreadingHTTPServer(("127.0.0.1", port), partial(Shop, chat.rstrip("/"), attributes))


def main() -> None:
    """Serve until Ctrl-C."""
    reader = argparse.ArgumentParser(description="Serve a shop's page with the chat on it.")
    reader.add_argument("--chat", default="http://127.0.0.1:8080", help="the chat's address")
    reader.add_argument("--port", type=int, default=8070)
    for name in ATTRIBUTES:
        reader.add_argument(f"--{name}", help=f"the tag's data-{name}")
    given = vars(reader.parse_args())
    server = shop(given.pop("chat"), given.pop("port"), **given)
    print(f"The shop: http://localhost:{server.server_port}")  # noqa: T201  # a command's answer
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
