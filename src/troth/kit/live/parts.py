"""The parts of a live process: each brings its paths, and hears the same bus."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from troth.kit.live.asgi import Application, Serve
from troth.kit.live.bus import Told
from troth.kit.live.serving import run


@dataclass(frozen=True, slots=True)
class Part:
    """What a channel adds to the live process; see `serving.run` for when each is called."""

    start: Callable[[], None]
    going: Callable[[], None]
    stop: Callable[[], Awaitable[None]]
    told: Callable[[Sequence[Told]], None]
    missed: Callable[[], None]
    sockets: Mapping[str, Serve]
    requests: Mapping[str, Serve] = field(default_factory=dict)
    allowed_headers: str = ""


def serve(parts: Iterable[Part], *, host: str, port: int, longest: int) -> None:
    """Serve all parts in this process until a signal comes; no frame is longer than `longest`."""
    all_of_them = tuple(parts)

    def each(name: str) -> Callable[[], None]:
        def call() -> None:
            for part in all_of_them:
                getattr(part, name)()

        return call

    def told(messages: Sequence[Told]) -> None:
        for part in all_of_them:
            part.told([(topic, dict(message)) for topic, message in messages])

    async def stop() -> None:
        for part in all_of_them:
            await part.stop()

    application = Application(
        sockets={path: one for part in all_of_them for path, one in part.sockets.items()},
        requests={path: one for part in all_of_them for path, one in part.requests.items()},
        allowed_headers=", ".join(filter(None, (part.allowed_headers for part in all_of_them))),
    )
    run(
        application,
        host=host,
        port=port,
        start=each("start"),
        going=each("going"),
        stop=stop,
        told=told,
        missed=each("missed"),
        longest=longest,
    )
