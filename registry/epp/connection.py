"""One TLS connection: bytes to documents, documents to a conversation, answers back, each with its deadline.

Theory of operation. A connection is one task that reads, answers and writes in turn, so answers are ordered and a client
that does not read its answers stops being read itself (TCP's own back-pressure). Four clocks watch it: until login the
whole of ``login_seconds``; between frames ``idle_seconds``; from the first octet of a frame to its last
:data:`FRAME_SECONDS`, so that a frame that trickles in cannot hold a connection; and :data:`WRITE_SECONDS` for a client to take
an answer. A length field that cannot be true ends the connection with 2500, because nothing after it can be read.
"""

import asyncio
from collections.abc import AsyncIterator

from registry.epp.answer import Answer, Reader, write_answer
from registry.epp.budget import Guest
from registry.epp.conversation import Conversation
from registry.epp.frames import FrameBroken, FrameReader, to_frame
from registry.epp.results import Code
from registry.kernel.config import EppConfig
from registry.kernel.errors import Problem, Reason, Text
from registry.kernel.ids import new_transaction_id

FRAME_SECONDS = 15.0  # the largest frame at 35 kbit/s; slower than that is not a registrar
WRITE_SECONDS = 30.0  # a client that takes no answer for so long has gone
READ_OCTETS = 1 << 16
LOGIN_TIMED_OUT, IDLE, TRICKLED, NOT_READING = "login timed out", "idle", "frame trickled", "not reading"


class TimedOut(Exception):  # it is no error: every connection ends in one of a few ways
    """One of the clocks ran out; ``str`` says which."""


class Connection:
    """Runs the conversation over a pair of streams until one side ends it. :attr:`is_busy` while a document is being answered."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, conversation: Conversation, config: EppConfig
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._conversation = conversation
        self._config = config
        self._frames = FrameReader(config.max_frame_bytes)
        self._frame_deadline = 0.0
        self._login_deadline = asyncio.get_running_loop().time() + config.login_seconds
        self.is_busy = False
        self.is_draining = False

    @property
    def guest(self) -> Guest:
        """Whose connection it is."""
        return Guest(self._conversation.peer.address, self._conversation.session.registrar_id)

    async def run(self) -> None:
        """Until the end. Raises :class:`TimedOut`, and what a broken connection raises."""
        await self._send(self._conversation.greeting())
        async for document in self._documents():
            self.is_busy = True
            reply = await self._conversation.reply(document)
            await self._send(reply.document)
            self.is_busy = False
            if reply.closes or self.is_draining:
                return

    async def _documents(self) -> AsyncIterator[bytes]:
        """Whole documents as they come. Ends at the end of the stream, and after telling the client that a frame was broken."""
        while data := await self._read():
            has_begun = self._frames.is_between_frames
            try:
                for document in self._frames.feed(data):
                    yield document
                    has_begun = True
            except FrameBroken as broken:
                await self._send(_frame_refused(broken, self._conversation.session.reader))
                return
            if has_begun:  # what is left now, if anything, is the beginning of another frame than before
                self._frame_deadline = asyncio.get_running_loop().time() + FRAME_SECONDS

    async def _read(self) -> bytes:
        """The next octets, before the clock that runs out first."""
        deadline, why = self._deadline()
        try:
            async with asyncio.timeout_at(deadline):
                return await self._reader.read(READ_OCTETS)
        except TimeoutError:
            raise TimedOut(why) from None

    def _deadline(self) -> tuple[float, str]:
        idle_deadline = asyncio.get_running_loop().time() + self._config.idle_seconds
        ends = [(idle_deadline, IDLE) if self._frames.is_between_frames else (self._frame_deadline, TRICKLED)]
        if not self._conversation.is_member:
            ends.append((self._login_deadline, LOGIN_TIMED_OUT))
        return min(ends)

    async def _send(self, document: bytes) -> None:
        self._writer.write(to_frame(document))
        try:
            async with asyncio.timeout(WRITE_SECONDS):
                await self._writer.drain()
        except TimeoutError:
            raise TimedOut(NOT_READING) from None


def _frame_refused(broken: FrameBroken, reader: Reader) -> bytes:
    text = Text("帧的长度不正确，连接关闭", f"the length of the frame cannot be right: {broken}")
    answer = Answer(Code.FAULT_CLOSING, problems=(Problem(Reason.TOO_LARGE, text),))
    return write_answer(answer, reader, "", new_transaction_id())
