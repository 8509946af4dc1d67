"""`python -m tests.faults.writing`: the process of `tests.faults.writer`, which needs Django before its imports."""

import django

if __name__ == "__main__":
    django.setup()
    from tests.faults.writer import obey

    obey()
