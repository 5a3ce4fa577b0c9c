"""docs/bus-events.md, made from collector/kernel/events.py: `python -m tests.tools.bus_events_doc` writes it."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from types import ModuleType

from collector.kernel import events
from collector.models import haul

PAGE = Path(__file__).resolve().parents[2] / "docs" / "bus-events.md"
_INTRODUCTION = """\
# Bus events

What the collector's applications tell each other. Events are frozen dataclasses of `collector/kernel/events.py`, one
per wake-up and never per line; listeners are asked one after the other, higher priority first, and awaiting them is the
back-pressure. The way of a batch: a source publishes `LinesRead` with the new lines of all that is ready, the formats
answer with `BatchesParsed` (and `ParseFailed` for a span one broke on), the sink with `BatchesStored`, and the source
goes on from there. What their parts hold stands at the end.

```python
class Noise(Application):
    name = "noise"

    async def on_bind(self, event: Bind) -> None:
        event.bus.listen(HostDown, self.on_host_down, priority=10)
```

A listener that raises does not hide the event from the next one; it is told as `ListenerFailed`. One that raises
`StopPropagation` does.

Made from the code by `python -m tests.tools.bus_events_doc`; a test holds it complete.
"""


def make_page() -> str:
    """The page as it has to be."""
    parts = [_INTRODUCTION]
    comments = _field_comments(events) | _field_comments(haul)
    for event in (*events.EVENTS, haul.SourceLines, haul.ParsedPart, haul.StoredPart):
        parts += [
            f"## {event.__name__}",
            inspect.cleandoc(event.__doc__ or ""),
            "| field | type | what it is |\n|---|---|---|",
        ]
        fields = event.__annotations__.items()
        rows = [f"| `{name}` | `{kind}` | {comments[event.__name__, name]} |" for name, kind in fields]
        parts[-1] += "\n" + "\n".join(rows)
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _field_comments(module: ModuleType) -> dict[tuple[str, str], str]:
    """The `#:` lines above each field."""
    source = inspect.getsource(module)
    lines = source.splitlines()
    comments = {}
    for node in ast.parse(source).body:
        for field in node.body if isinstance(node, ast.ClassDef) else ():
            if (
                isinstance(field, ast.AnnAssign)
                and isinstance(field.target, ast.Name)
                and isinstance(node, ast.ClassDef)
            ):
                text: list[str] = []
                for line in reversed(lines[: field.lineno - 1]):
                    if not line.strip().startswith("#:"):
                        break
                    text.insert(0, line.strip().removeprefix("#:").strip())
                comments[node.name, field.target.id] = " ".join(text).replace("|", "\\|")
    return comments


if __name__ == "__main__":
    PAGE.write_text(make_page(), encoding="utf-8")
