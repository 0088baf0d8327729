"""The API against its own description, with what a stranger's program might send: no error of ours, no other answer."""

from collections import Counter
from typing import Any

import pytest
import schemathesis
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as bounds
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from plumbline.config.wsgi import application
from plumbline.faces.api.tests.asking import Program
from plumbline.kernel.testing import Company
from tests.access.test_api import one_of_each

TRIES = 2  # of each operation with what fits its description, and as often with what does not; the same at every run
KEPT = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "ignored_auth",
    "unsupported_method",
    "allow_header_conformance",
)
BOUNDS = bounds(
    max_examples=TRIES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.slow  # every operation, several times
@override_settings(PLUMBLINE_API_RATE=1_000_000)
def test_every_operation_answers_as_described(real_db) -> None:
    acme = Company("Acme")
    records, program = one_of_each(acme), Program.of(acme.ann)
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", application)
    schema.config.generation.update(with_security_parameters=False)  # it knows no token: ours is sent
    load_all_checks()
    told: Counter[int] = Counter()
    operations = [result.ok() for result in schema.get_all_operations()]
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            tried(operation, mode, program, records, told)
    assert len(operations) > 100
    assert {200, 201, 400, 404, 409, 422} <= told.keys(), told
    assert told.total() > 400, told


def tried(operation: Any, mode: GenerationMode, program: Program, records: dict, told: Counter[int]) -> None:
    """Every other time at a record that is there: made-up names lead nowhere."""
    headers, checks = {"Authorization": f"Bearer {program.secret}"}, CHECKS.get_by_names(list(KEPT))

    @BOUNDS
    @given(case=operation.as_strategy(generation_mode=mode), there=st.booleans())
    def ask(case: Any, there: bool) -> None:
        if there and "record" in (case.path_parameters or {}):
            slug = operation.path.split("/")[2]
            register = case.path_parameters.get("slug") if slug == "{slug}" else slug
            if register in records:
                case.path_parameters["record"] = records[register].number
        told[case.call_and_validate(headers=headers, checks=checks).status_code] += 1

    try:
        ask()
    except Unsatisfiable:  # nothing about it can be wrong
        assert mode == GenerationMode.NEGATIVE
