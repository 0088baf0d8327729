"""The thread that does what takes long."""

import threading

from plumbline.faces.sheets import working


def _ended() -> None:
    """Wait for every thread that was woken, but for this one."""
    for thread in threading.enumerate():
        if thread.name == "sheets" and thread is not threading.current_thread():
            thread.join()


def test_what_is_asked_for_as_the_thread_ends_is_done_by_it(monkeypatch) -> None:
    seen = []

    def work(_alive) -> None:
        seen.append(threading.current_thread().name)
        if len(seen) == 1:  # it has just looked for the last time
            working.wake()
            _ended()

    monkeypatch.setattr(working, "work", work)
    working.wake()
    _ended()
    assert seen == ["sheets", "sheets"]
    assert not working._at_work.locked()
