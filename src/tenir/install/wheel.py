"""Compiles the French before a package is built, so that an installed Tenir speaks it without any tool."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileTheWords(BuildHookInterface):  # type: ignore[type-arg, misc, unused-ignore]
    """Called by hatchling for wheels and editable installs alike."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        sys.path.insert(0, str(Path(self.root) / "src"))
        try:
            from tenir.install.words import compile_all

            compile_all()
        finally:
            sys.path.pop(0)
