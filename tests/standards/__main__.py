"""``python -m tests.standards`` writes docs/STANDARDS.md anew from the register."""

import sys
from pathlib import Path

from tests.standards.registry import criteria
from tests.standards.table import counted, page
from tests.survivor import ROOT

PAGE = ROOT / "docs" / "STANDARDS.md"


def main(target: Path = PAGE) -> None:
    """Write the page, and say the counts."""
    target.write_text(page(criteria()), "utf-8")
    sys.stdout.write(f"docs/{target.name} is up to date. {counted(criteria())}\n")


if __name__ == "__main__":
    main()
