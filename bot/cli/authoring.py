"""Commands that help whoever writes flows."""

import argparse

from .frame import FINE, Add, settings_of


def register(add: Add) -> None:
    """Add these commands to the parser."""
    add("schema", _schema, "write the schemas that let an editor complete and underline flow files")


def _schema(_: argparse.Namespace) -> int:
    from bot.flowdef.schema import files

    folder = settings_of(bots=False).flows / "schemas"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files().items():
        (folder / name).write_text(content, "utf-8")
        print(f"{folder / name}")
    return FINE
