"""Where things are, seen from this file."""
from pathlib import Path

NOTEBOOKS = Path(__file__).resolve().parent.parent
ROOT = NOTEBOOKS.parent
KIT = ROOT / "lib" / "kit"
REPORTS = ROOT / "reports"
VENV = NOTEBOOKS / ".venv"
MAVEN = NOTEBOOKS / ".maven"
REQUIREMENTS = NOTEBOOKS / "requirements.txt"
