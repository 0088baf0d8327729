"""Slow tests are named: by processor time, which a busy machine does not lengthen, so the verdict is never luck.

Over 1 s without the marker `slow`: listed at the end of the run. Over 5 s: the run fails. Journeys are exempt.
"""

import gc
import resource

import pytest

LISTED, REFUSED = 1.0, 5.0  # seconds of processor time of one test's call, children that ended included
EXEMPT = ("slow", "journey", "faults")
_seen: dict[str, float] = {}


def _spent() -> float:
    mine, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + children.ru_utime + children.ru_stime


def pytest_collection_finish() -> None:
    """Take what is loaded out of the garbage collector's sight, as the server does: it is looked through in vain."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item):
    began = _spent()
    try:
        return (yield)
    finally:
        if not any(item.get_closest_marker(name) for name in EXEMPT):
            item.user_properties.append(("cpu", _spent() - began))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    spent = dict(report.user_properties).get("cpu", 0.0) if report.when == "teardown" else 0.0
    if isinstance(spent, float) and spent > LISTED:
        _seen[report.nodeid] = spent


def pytest_terminal_summary(terminalreporter) -> None:
    if _seen:
        terminalreporter.section("slow tests: make them quicker, or mark them slow and say what for")
        for name, spent in sorted(_seen.items(), key=lambda pair: -pair[1]):
            terminalreporter.line(f"{spent:6.1f} s  {name}{'  REFUSED' if spent > REFUSED else ''}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if any(spent > REFUSED for spent in _seen.values()) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
