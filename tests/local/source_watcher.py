"""Reload: when a source file changes, instances are replaced."""

import threading
from collections.abc import Callable, Iterable
from pathlib import Path

_LOOK_EVERY_S = 0.5


class SourceWatcher:
    """Calls `on_change` when a `.py` file below the folders appears, changes or disappears."""

    def __init__(self, folders: Iterable[Path], on_change: Callable[[], None]) -> None:
        self._folders = tuple(folders)
        self._on_change = on_change
        self._stopping = threading.Event()
        self._seen = self._look()
        self._thread = threading.Thread(target=self._run, name="watch sources", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(_LOOK_EVERY_S):
            now = self._look()
            if now != self._seen:
                self._seen = now
                self._on_change()

    def _look(self) -> dict[Path, int]:
        seen = {}
        for folder in self._folders:
            for path in folder.rglob("*.py"):
                try:
                    seen[path] = path.stat().st_mtime_ns
                except FileNotFoundError:
                    continue  # editors replace a file by writing another
        return seen
