"""Make sure that there is a Chromium for the tests: the system's, else Playwright's own, else from apt."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from tests.tools.apt import install_packages

SYSTEM_CHROMIUM = Path("/usr/bin/chromium")
#: The same without windows, as Playwright's own: the same pages take a quarter less CPU time.
SYSTEM_SHELL = Path("/usr/lib/chromium/chromium-headless-shell")
#: Only the last list of features counts, so those that Playwright turns off and that we meet are named again. New is
#: the address bar's popup: each context loads two pages for it, which cost as much as ours do.
_FEATURES_OFF = (
    "AimEnabled",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxPopup",
)
#: No GPU is needed, and nothing but the page is asked of the network.
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(_FEATURES_OFF)}",
]


def chromium_path() -> str | None:
    """The program to start; None means Playwright's own."""
    return str(SYSTEM_CHROMIUM) if SYSTEM_CHROMIUM.exists() else None


def shell_path() -> str | None:
    """What tests start: the shell, where there is one, else as chromium_path."""
    return str(SYSTEM_SHELL) if SYSTEM_SHELL.exists() else chromium_path()


def _add_shell() -> None:
    """Of the version that is there, and where nobody is asked for a password; tests can do without."""
    if SYSTEM_SHELL.exists() or os.geteuid() != 0:
        return
    with suppress(OSError, subprocess.CalledProcessError):
        asked = ["dpkg-query", "--show", "--showformat=${Version}", "chromium"]
        version = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
        install_packages(f"chromium-headless-shell={version}")


def main() -> int:
    if SYSTEM_CHROMIUM.exists():
        _add_shell()
        return 0
    installed = subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if installed.returncode == 0:
        return 0
    install_packages("chromium", "fonts-liberation")  # a browser without fonts draws boxes
    _add_shell()
    return 0 if SYSTEM_CHROMIUM.exists() else 1


if __name__ == "__main__":
    sys.exit(main())
