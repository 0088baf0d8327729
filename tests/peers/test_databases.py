"""The databases tests get: rolled back, checked at their end, private when they must commit."""

import pytest

pytest_plugins = ["pytester"]
