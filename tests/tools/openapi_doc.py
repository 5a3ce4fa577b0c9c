"""tests/fixtures/openapi.json, made from the API: `python -m tests.tools.openapi_doc` writes it, a test compares it."""

from __future__ import annotations

import json
import os

import django

from tests.world import FIXTURES


def main() -> None:
    """Write the document as it is now."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "visualizer.settings")
    django.setup()
    from visualizer.interfaces.api.document import document

    (FIXTURES / "openapi.json").write_text(json.dumps(document(), indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
