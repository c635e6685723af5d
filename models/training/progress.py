"""One line of progress on standard error: a bar on a terminal, a line now and then in a log."""

import sys
import time


class Progress:
    """Counts steps of a known total; prints at most twice a second (terminal) or twice a minute (log)."""

    def __init__(self, what: str, total: int):
        self.what, self.total, self.done = what, total, 0
        self.started = self.printed = time.monotonic()
        self.terminal = sys.stderr.isatty()

    def step(self, note: str = "") -> None:
        self.done += 1
        now = time.monotonic()
        if self.done < self.total and now - self.printed < (0.5 if self.terminal else 30):
            return
        self.printed = now
        line = f"{self.what}: {self.done}/{self.total} in {now - self.started:.0f} s {note}"
        print(("\r" + line) if self.terminal else line, end="" if self.terminal and self.done < self.total else "\n",
              file=sys.stderr, flush=True)
