"""Readings of characters."""

from pypinyin import lazy_pinyin

from registry.kernel.pinyin import sound, sounds


def test_the_table_says_what_the_library_says() -> None:
    """Each of the 20,992 characters of the base block has the library's first reading."""
    differing = [
        character
        for character in map(chr, range(0x4E00, 0xA000))
        if lazy_pinyin(character)[0].isascii() and sounds(character)[0] != lazy_pinyin(character)[0]
    ]
    assert differing == []


def test_other_signs_stand_for_themselves() -> None:
    """Letters, digits and signs are left alone, in order."""
    assert sound("清华大学12a") == "qinghuadaxue12a"
    assert sounds("办a") == ("ban", "a")
