"""Frames of RFC 5734."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.epp.frames import FrameBroken, FrameReader, to_frame

LIMIT = 200


@given(st.lists(st.binary(min_size=1, max_size=LIMIT - 4), max_size=8), st.lists(st.integers(1, 50), min_size=1))
def test_documents_survive_any_cut(documents: list[bytes], cuts: list[int]) -> None:
    """However the stream is cut into reads, the same documents come out in the same order."""
    stream = b"".join(to_frame(document) for document in documents)
    reader, found, at, turn = FrameReader(LIMIT), [], 0, 0
    while at < len(stream):
        size = cuts[turn % len(cuts)]
        found += list(reader.feed(stream[at : at + size]))
        at, turn = at + size, turn + 1
    assert found == documents
    assert reader.is_between_frames


@given(st.binary(max_size=400))
def test_no_octets_break_the_reader(data: bytes) -> None:
    """Any octets give documents, or FrameBroken, and nothing else; what is kept is never more than one frame."""
    reader = FrameReader(LIMIT)
    try:
        documents = list(reader.feed(data))
    except FrameBroken:
        return
    assert all(0 < len(document) <= LIMIT - 4 for document in documents)


@pytest.mark.parametrize("length", [0, 1, 3, 4, LIMIT + 1, 1 << 31, (1 << 32) - 1])
def test_impossible_lengths_are_refused_at_once(length: int) -> None:
    """A frame without a document or over the limit is refused from its header, before any of its octets are stored."""
    with pytest.raises(FrameBroken):
        list(FrameReader(LIMIT).feed(length.to_bytes(4, "big")))


def test_a_partial_frame_is_seen() -> None:
    """The reader says that a frame has begun, so that its deadline can run."""
    reader = FrameReader(LIMIT)
    assert list(reader.feed(b"\x00")) == []
    assert not reader.is_between_frames


def test_what_stood_before_a_broken_frame_is_still_read() -> None:
    """A document that arrived whole is read although the octets after it are no frame."""
    frames = FrameReader(LIMIT).feed(to_frame(b"<a/>") + b"\xff\xff\xff\xff")
    assert next(frames) == b"<a/>"
    with pytest.raises(FrameBroken):
        next(frames)
