"""A TCP proxy before a server, that can be told to misbehave: the network between GESS and what it needs."""

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

CHUNK = 65_536
LISTEN = 128


class Proxy:
    """Forwards connections to `upstream`, and does to them what its attributes say, also to those that are open.

    `delay`: seconds before each chunk of an answer; `silent`: takes connections and bytes, and answers nothing;
    `rate`: bytes a second of answers; `cut`: every answer ends in its middle, and with it the connection;
    `refusing`: new connections are reset.
    """

    def __init__(self, port: int, upstream: int) -> None:
        self.port, self.upstream = port, upstream
        self.delay = 0.0
        self.rate = 0
        self.silent = self.cut = self.refusing = False
        self.accepted = 0
        self._open: set[socket.socket] = set()
        self._broken: set[socket.socket] = set()  # to be closed with a reset by who reads them
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", port), backlog=LISTEN)
        threading.Thread(target=self._accept, daemon=True).start()

    def heal(self) -> None:
        """Forward as a good network does. Connections that were silent are reset: their bytes are lost."""
        lost = self.silent
        self.delay, self.rate = 0.0, 0
        self.silent = self.cut = self.refusing = False
        if lost:
            self.reset()

    def reset(self) -> int:
        """Break every open connection at once, as a crashed machine does; return how many there were."""
        with self._lock:
            pairs = list(self._open)
            self._broken |= self._open
        for one in pairs:
            _linger(one)
        for one in pairs:
            try:
                one.shutdown(socket.SHUT_RD)  # wakes whoever reads here, and tells the other side nothing
            except OSError:
                pass  # it ended meanwhile
        return len(pairs) // 2

    def close(self) -> None:
        self._listener.close()
        self.reset()

    @contextmanager
    def misbehaving(self, **how: float | bool) -> Iterator["Proxy"]:
        """Misbehave while the block runs."""
        for name, value in how.items():
            if not hasattr(self, name):
                raise AttributeError(f"A proxy cannot be {name!r}.")
            setattr(self, name, value)
        try:
            yield self
        finally:
            self.heal()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return  # closed
            self.accepted += 1
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        if self.refusing:
            _abort(client)
            return
        try:
            server = socket.create_connection(("127.0.0.1", self.upstream), timeout=5)
        except OSError:
            _abort(client)  # as a server that is not there would refuse
            return
        for one in (client, server):
            one.settimeout(None)
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            self._open |= {client, server}
        threading.Thread(target=self._pump, args=(client, server, False), daemon=True).start()
        self._pump(server, client, True)

    def _pump(self, source: socket.socket, sink: socket.socket, answers: bool) -> None:
        try:
            while data := source.recv(CHUNK):
                if self.silent:
                    continue
                if answers:
                    self._answer(sink, data)
                else:
                    sink.sendall(data)
        except OSError:
            pass  # either side broke the connection: the other side learns it below
        with self._lock:
            self._open -= {source, sink}
            broken = bool({source, sink} & self._broken)
            self._broken -= {source}
        for one in (source, sink):
            try:
                one.shutdown(socket.SHUT_RD if broken else socket.SHUT_RDWR)  # wakes whoever reads the other one
            except OSError:
                pass  # closed already
        source.close()  # and no other: who still reads it would keep it from ending

    def _answer(self, sink: socket.socket, data: bytes) -> None:
        if self.delay:
            time.sleep(self.delay)
        if self.cut:
            sink.sendall(data[: len(data) // 2])
            raise ConnectionAbortedError
        if not self.rate:
            sink.sendall(data)
            return
        step = max(1, self.rate // 20)
        for start in range(0, len(data), step):
            sink.sendall(data[start : start + step])
            time.sleep(step / self.rate)


def _linger(one: socket.socket) -> None:
    """Let closing send a reset instead of a farewell."""
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    except OSError:
        pass  # closed already


def _abort(one: socket.socket) -> None:
    _linger(one)
    one.close()
