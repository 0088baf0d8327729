"""Three hundred pages: what everything holds in memory, each in a program of its own."""

import json
import subprocess
import sys

import pytest

SETTING = """
import json, re
from plumbline import composition
from plumbline.composition.tests.contents import manual
old, new = manual(300), manual(300, "must")
{before}
def held(): return int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]) / 1024
at = held()
{work}
print(json.dumps({{"megabytes": held() - at}}))
"""
CASES = {
    "to_html": ("", "composition.to_html(old)", 60),
    "from_html": ("html = composition.to_html(old)", "composition.from_html(html)", 100),
    "to_text": ("", "composition.to_text(old)", 40),
    "cleaned": ("", "composition.cleaned(old)", 60),
    "to_word": ("", "composition.to_word(old)", 60),
    "from_word": ("file = composition.to_word(old)", "composition.from_word(file)", 90),
    "shown": ("file = composition.to_word(old)", "composition.shown(file, '', 'a.docx')", 90),
    "redline of every paragraph": (
        "a, b = composition.to_html(old), composition.to_html(new)",
        "assert composition.redline(a, b).count('<ins>') == 1800",
        100,
    ),
}


@pytest.mark.slow  # measures itself on a manual of 300 pages, in a program of its own
@pytest.mark.parametrize("before, work, megabytes", CASES.values(), ids=CASES.keys())
def test_three_hundred_pages(before, work, megabytes):
    program = SETTING.format(before=before, work=work)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    measured = json.loads(done.stdout)
    assert measured["megabytes"] < megabytes
