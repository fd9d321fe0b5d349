"""What the drivers share: the server that they are told of, and a watch over what they call of a library."""

import json
import sys
import time
from pathlib import Path
from types import SimpleNamespace


def stage():
    """The server, its people and its music, from the only argument."""
    facts = json.loads(sys.argv[1], object_hook=lambda entries: SimpleNamespace(**entries))
    facts.music = Path(facts.music)
    return facts


class Watched:
    """A connection of a library that remembers which of its methods were called."""

    def __init__(self, connection, called=None):
        self._connection = connection
        self._called = set() if called is None else called

    def beside(self, connection):
        """Another connection of the same library, whose calls count too."""
        return Watched(connection, self._called)

    def __getattr__(self, name):
        found = getattr(self._connection, name)
        if callable(found):
            self._called.add(name)
        return found

    def has_called_all_but(self, left_out):
        """Every method that the library offers was called, or is left out for a reason that stands there."""
        kind = type(self._connection)
        offered = {name for name in dir(kind) if name[0] != "_" and callable(getattr(kind, name))}
        assert not offered - self._called - set(left_out), sorted(offered - self._called - set(left_out))
        assert not set(left_out) - offered, sorted(set(left_out) - offered)
        assert not self._called & set(left_out), sorted(self._called & set(left_out))


def equal(found, expected):
    assert found == expected, f"{found!r} is not {expected!r}"


def refused(error, call, *arguments, **named):
    """The call fails with this error of the library."""
    try:
        answer = call(*arguments, **named)
    except error as refusal:
        assert type(refusal) is error, repr(refusal)
        return str(refusal)
    raise AssertionError(f"it is not refused: {answer!r}")


def until(what, look):
    """Waits for what is on its way."""
    for _ in range(1000):
        found = look()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"it does not come: {what}")
