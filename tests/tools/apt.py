"""Debian's packages, for tests that need a program of the system."""

from __future__ import annotations

import os
import subprocess


def install_packages(*names: str) -> None:
    """
    Install packages without what they only recommend.

    Raises:
        subprocess.CalledProcessError: apt-get says why.
    """
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    subprocess.run([*sudo, "apt-get", "update", "-q"], check=True)
    subprocess.run([*sudo, "apt-get", "install", "-q", "-y", "--no-install-recommends", *names], check=True)
