"""Setting: how one of the Options is set."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from collector.lib.setting_readers import Reader


@dataclass(frozen=True, slots=True)
class Setting:
    """How one option is set."""

    #: Field of Options.
    field: str
    #: The field's type, as written.
    type: str
    #: Environment variables, the preferred one first.
    names: tuple[str, ...]
    #: What came → the value.
    read: Reader
    #: For docs/settings.md.
    description: str

    @property
    def toml_name(self) -> str:
        """Its key in eventscope.toml: "retention" for EVENTSCOPE_RETENTION, "port" for PORT."""
        return self.names[0].lower().removeprefix("eventscope_")

    @property
    def is_secret(self) -> bool:
        """Whether its value is never shown."""
        return "Secret" in self.type


def setting(default: Any, reader: Reader, *names: str, description: str) -> Any:
    """A field of Options with how it is set."""
    return field(default=default, metadata={"names": names, "read": reader, "description": description})
