"""docs/settings.md, made from Options: `python -m tests.tools.settings_doc` writes it, a test holds it complete."""

from __future__ import annotations

from pathlib import Path

from collector.models.effective_options import shown_value
from collector.models.options import SETTINGS, Options
from collector.models.setting import Setting

DOC = Path(__file__).resolve().parents[2] / "docs" / "settings.md"
HEAD = """\
# Settings

Each setting comes from the environment, else from the file named by `<NAME>_FILE` (for secrets), else from
`eventscope.toml` in the working directory (`EVENTSCOPE_CONFIG` names another file), else from its default.

`manage.py check_config` prints the effective settings with where each comes from, secrets masked. Invalid settings
end every command with exit code 2 and all errors at once; no error shows a value.

```toml
# eventscope.toml
logs = ["/var/log/apps/*.log"]
hosts = ["http://10.0.0.5:8020", "http://10.0.0.6:8020"]
retention = "30d"
```

| environment | eventscope.toml | default | what it is |
|---|---|---|---|
"""


def settings_doc() -> str:
    """The page."""
    return HEAD + "".join(_row(setting) for setting in SETTINGS)


def _row(setting: Setting) -> str:
    names = " or ".join(f"`{name}`" for name in setting.names)
    secret = " Secret." if setting.is_secret else ""
    return f"| {names} | `{setting.toml_name}` | {_default(setting)} | {setting.description}{secret} |\n"


def _default(setting: Setting) -> str:
    default = getattr(Options(), setting.field)
    if setting.field in ("retention_s", "hide_after_s"):
        return f"`{default / 86400:g}d`"
    if setting.field.endswith("_s"):
        return f"`{default:g}s`"
    shown = shown_value(default)
    return shown if shown == "–" else f"`{shown}`"


if __name__ == "__main__":
    DOC.write_text(settings_doc())
