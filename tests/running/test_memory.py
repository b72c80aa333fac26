"""Memory that was freed goes back to the system."""

from __future__ import annotations

import ctypes
from types import SimpleNamespace

import pytest

from linkage.running import memory


def test_what_was_freed_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(memory.sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda _: SimpleNamespace(malloc_trim=asked.append))
    memory.give_back()
    assert asked == [0]


@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_another_c_library_keeps_it(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory.sys, "platform", platform)
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    memory.give_back()
