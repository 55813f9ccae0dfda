"""The stand-in as a program; it prints its address, and runs until it is stopped."""

from __future__ import annotations

import argparse

from troth.hub.demo.standin.serving import StandIn


def main() -> None:
    """Serve until interrupted."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--port", type=int, default=0)
    asked.add_argument("--key", required=True)
    asked.add_argument("--secret", required=True)
    asked.add_argument("--hook", default="")
    said = asked.parse_args()
    server = StandIn(said.port, key=said.key, secret=said.secret, hook=said.hook)
    print(server.books.origin, flush=True)  # noqa: T201 - a program speaks by printing
    server.serve_forever()


if __name__ == "__main__":
    main()
