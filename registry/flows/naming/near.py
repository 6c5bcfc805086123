"""Keys of sound and shape: two labels with a key in common sound the same, or look the same, when read quickly."""

from registry.policy.idn.label import simplified_of
from registry.policy.naming.similar import pinyin_key
from registry.policy.naming.tables import Tables

BEST = 5  # names that are scored, and as many as a finding shows; each score takes some 50 µs


def near_keys(simplified: str, index: str, tables: Tables) -> tuple[str, ...]:
    """The key of the sound, and that of the shape if there is a character with look-alikes; none of an empty label."""
    if not index:
        return ()
    sound = "s" + " ".join(pinyin_key(simplified))
    alike = any(ord(character) in tables.glyphs for character in index)
    return (sound, "g" + tables.skeleton(index)) if alike else (sound,)


def keys_of_registered(u_label: str, tables: Tables) -> tuple[str, ...]:
    """The same of a registered U-label."""
    table = tables.idn
    return near_keys(simplified_of(u_label, table), u_label.translate(table.minimum), tables)


def nearest(label: str, others: tuple[str, ...]) -> tuple[str, ...]:
    """Of the names that a search brought up, those with the most characters in common; the rest is not worth a score."""
    if len(others) <= BEST:
        return others
    characters = set(label)
    return tuple(sorted(others, key=lambda other: (-len(characters.intersection(other)), len(other), other))[:BEST])
