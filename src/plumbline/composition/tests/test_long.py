"""Three hundred pages: how long everything takes and what it holds in memory, each in a program of its own."""

import json
import subprocess
import sys

import pytest

SETTING = """
import json, resource, time
from plumbline import composition
from plumbline.composition.tests.contents import manual
old, new = manual(300), manual(300, "must")
{before}
def held(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
at, began = held(), time.process_time()
{work}
print(json.dumps({{"seconds": time.process_time() - began, "megabytes": held() - at}}))
"""
CASES = {
    "to_html": ("", "composition.to_html(old)", 3, 60),
    "from_html": ("html = composition.to_html(old)", "composition.from_html(html)", 4, 100),
    "to_text": ("", "composition.to_text(old)", 2, 40),
    "cleaned": ("", "composition.cleaned(old)", 3, 60),
    "to_word": ("", "composition.to_word(old)", 3, 60),
    "from_word": ("file = composition.to_word(old)", "composition.from_word(file)", 10, 90),
    "shown": ("file = composition.to_word(old)", "composition.shown(file, '', 'a.docx')", 10, 90),
    "redline of every paragraph": (
        "a, b = composition.to_html(old), composition.to_html(new)",
        "assert composition.redline(a, b).count('<ins>') == 1800",
        8,
        100,
    ),
}


@pytest.mark.slow  # measures itself on a manual of 300 pages, in a program of its own
@pytest.mark.parametrize("before, work, seconds, megabytes", CASES.values(), ids=CASES.keys())
def test_three_hundred_pages(before, work, seconds, megabytes):
    program = SETTING.format(before=before, work=work)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    measured = json.loads(done.stdout)
    assert measured["seconds"] < seconds
    assert measured["megabytes"] < megabytes
