"""Port 43 as Debian's ``whois`` asks it."""

import subprocess


def whois(port: int, query: str) -> str:
    """The answer of the real client."""
    run = subprocess.run(
        ["whois", "-h", "127.0.0.1", "-p", str(port), query], check=True, capture_output=True, timeout=20
    )
    return run.stdout.decode()
