"""`python -m gess.probe [PORT]`: does the web server on this machine serve readers? For containers' health checks."""

import http.client
import sys


def ask(host: str, port: int, seconds: float = 5.0) -> tuple[int, str]:
    """Return the status and the text of `/health/ready`; status 0 and the reason if nobody answers."""
    session = http.client.HTTPConnection(host, port, timeout=seconds)
    try:
        session.request("GET", "/health/ready")
        response = session.getresponse()
        return response.status, response.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return 0, f"{type(error).__name__}: {error}"
    finally:
        session.close()


def main(arguments: list[str]) -> int:
    """Print the answer; 0 if it is 200, else 1."""
    status, text = ask("127.0.0.1", int(arguments[0]) if arguments else 8000)
    sys.stdout.write(f"{text}\n")
    return 0 if status == 200 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
