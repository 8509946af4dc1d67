"""What every canary says besides its word."""

MARK = "faults:"  # begins `seen_at` of every resource of ours; the object's name follows


def title(token: str) -> str:
    return f"Canary {token}"


def abstract(token: str) -> str:
    return f"A canary on Kenya, called {token}."
