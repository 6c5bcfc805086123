"""DNS as the real tools ask it."""

import subprocess


def dig(port: int, name: str, kind: str = "NS", *options: str, tool: str = "dig") -> str:
    """The whole answer of ``dig`` or ``kdig``; ``name`` as an A-label name."""
    words = [tool, "@127.0.0.1", "-p", str(port), name, kind, *options]
    run = subprocess.run(words, check=True, capture_output=True, timeout=20, text=True)
    return run.stdout
