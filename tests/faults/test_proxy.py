"""The proxy forwards, and misbehaves as told."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests import services
from tests.faults.proxy import Proxy

WORDS = b"abcdefghij" * 1000


@pytest.fixture
def upstream() -> Iterator[int]:
    """A server that sends back what it gets."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    session, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=echo, args=(session,), daemon=True).start()

        def echo(session: socket.socket) -> None:
            with session:
                try:
                    while data := session.recv(65_536):
                        session.sendall(data)
                except OSError:
                    pass  # the proxy broke it, as it should

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]


@pytest.fixture
def proxy(upstream) -> Iterator[Proxy]:
    made = Proxy(services.free_port(18_900), upstream)
    yield made
    made.close()


def ask(proxy: Proxy, data: bytes = WORDS, timeout: float = 5) -> bytes:
    """Send data and return what comes back before the connection ends or nothing more comes."""
    found = b""
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=timeout) as session:
        session.sendall(data)
        while len(found) < len(data):
            part = session.recv(65_536)
            if not part:
                return found
            found += part
    return found


def test_forwards_both_ways(proxy):
    assert ask(proxy) == WORDS
    assert proxy.accepted == 1


def test_silence_takes_and_never_answers_and_healing_ends_it(proxy):
    with proxy.misbehaving(silent=True), pytest.raises(TimeoutError):
        ask(proxy, timeout=0.3)
    assert ask(proxy) == WORDS


def test_a_reset_breaks_open_connections(proxy):
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as session:
        session.sendall(b"x")
        assert session.recv(1) == b"x"
        assert proxy.reset() == 1
        with pytest.raises(ConnectionResetError):
            session.recv(1)


def test_refuses_new_connections(proxy):
    with proxy.misbehaving(refusing=True), pytest.raises(OSError, match="reset|Broken pipe"):
        ask(proxy)


def test_cuts_answers(proxy):
    with proxy.misbehaving(cut=True):
        found = ask(proxy)
    assert 0 < len(found) < len(WORDS)


def test_delays_and_throttles(proxy):
    started = time.monotonic()
    with proxy.misbehaving(delay=0.3):
        ask(proxy, b"x")
    assert time.monotonic() - started >= 0.3
    started = time.monotonic()
    with proxy.misbehaving(rate=20_000):
        ask(proxy)
    assert time.monotonic() - started >= len(WORDS) / 20_000 * 0.9


def test_an_upstream_that_is_gone_is_a_reset(proxy):
    proxy.upstream = services.free_port(18_950)
    with pytest.raises(OSError, match="reset|Broken pipe"):
        ask(proxy)


def test_an_unknown_misbehaviour_is_refused(proxy):
    with pytest.raises(AttributeError, match="sloow"), proxy.misbehaving(sloow=1.0):
        pass
