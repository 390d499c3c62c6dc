"""The town's web server: access log in the combined format (Apache HTTP Server documentation)."""

from __future__ import annotations

from collections.abc import Iterable

from noroshi.drill.clock import Seconds
from noroshi.drill.event import Event, WebRequest
from noroshi.drill.write.sheet import Sheet


def write_web(events: Iterable[Event]) -> Sheet:
    """Write the requests in the order of time."""
    sheet = Sheet("www01/access.log")
    for event in events:
        if isinstance(event, WebRequest):
            sheet.add(
                f"{event.flow.source} - - [{_APACHE[event.time // 1_000_000]} +0900] "
                f'"{event.method} {event.path} HTTP/1.1" {event.status} {event.size} '
                f'"{event.referer}" "{event.agent}"',
                event.step,
            )
    return sheet


_APACHE = Seconds(lambda day: f"{day:%d/%b/%Y}:")
