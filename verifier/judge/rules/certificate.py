"""Judges certificates. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from verifier.checks.fact import Observation
from verifier.checks.site import Site
from verifier.judge.finding import Finding
from verifier.judge.known import Known
from verifier.judge.rulebook import found

SPARE = timedelta(days=14)
EXPIRED, EARLY, NAME, NO_ISSUER, NO_LEAF = 10, 9, 62, 20, 21  # X509_V_ERR_… of OpenSSL
LONG_LIFE = timedelta(days=42)  # shorter lives are renewed in their last third
WEAK_HASHES = frozenset({"md5", "sha1", "md2", "md4"})


def judge(_site: Site, _known: Known, seen: Observation) -> Iterator[Finding]:
    """Rules ``certificate.*``; each once, though a site may have many addresses."""
    told: set[str] = set()
    rows = seen.facts["addresses"]
    for row in rows:
        for finding in _one(row, seen):
            if finding.rule not in told:
                told.add(finding.rule)
                yield finding
    yield from _together(rows, seen)


def _one(row: Mapping[str, Any], seen: Observation) -> Iterator[Finding]:
    leaf = row["leaf"]
    code = row["verify_code"]
    if code == EXPIRED or (leaf.get("ends") and datetime.fromisoformat(leaf["ends"]) <= seen.at):
        yield found("certificate.expired", seen, ends=leaf.get("ends", ""))
    elif code == EARLY:
        yield found("certificate.early", seen, begins=leaf.get("begins", ""))
    elif code == NAME:
        yield found("certificate.name", seen, names=leaf.get("names", []), subject=leaf.get("subject", ""))
    elif code in {NO_ISSUER, NO_LEAF} and row["sent"] == 1 and leaf.get("subject") != leaf.get("issuer"):
        yield found("certificate.chain", seen, issuer=leaf.get("issuer", ""))
    elif code:
        yield found("certificate.untrusted", seen, why=row["verify_text"], code=code)
    else:
        yield from _ending(leaf, seen)
    yield from _weak(leaf, seen)


def _ending(leaf: Mapping[str, Any], seen: Observation) -> Iterator[Finding]:
    if not leaf.get("ends"):
        return
    begins, ends = datetime.fromisoformat(leaf["begins"]), datetime.fromisoformat(leaf["ends"])
    spare = SPARE if ends - begins > LONG_LIFE else (ends - begins) / 3
    if ends < seen.at + spare:
        yield found("certificate.ending", seen, ends=leaf["ends"], days=(ends - seen.at).days)


def _weak(leaf: Mapping[str, Any], seen: Observation) -> Iterator[Finding]:
    kind, _, size = str(leaf.get("key", "")).partition(" ")
    weak = (
        [leaf["key"]] if (kind == "RSA" and int(size) < 2048) or size in {"secp192r1", "secp224r1", "sect163k1"} else []
    )
    weak += (
        [leaf["signature_hash"]]
        if leaf.get("signature_hash") in WEAK_HASHES and leaf.get("subject") != leaf.get("issuer")
        else []
    )
    if weak:
        yield found("certificate.weak", seen, what=weak)


def _together(rows: Sequence[Mapping[str, Any]], seen: Observation) -> Iterator[Finding]:
    down = [row["address"] for row in rows if row["failure"] not in {"", "certificate"}]
    if down and len(down) < len(rows):
        yield found("certificate.address_down", seen, addresses=down)
    if len({row["leaf"]["spki"] for row in rows if row["leaf"].get("spki")}) > 1:
        yield found("certificate.differs", seen)
    issues = [one for one in seen.facts["caa"] if " issue " in f" {one} "]
    if issues and all(one.split()[-1].strip('"') == ";" for one in issues) and any(row["leaf"] for row in rows):
        yield found("certificate.issuer", seen, caa=issues)
