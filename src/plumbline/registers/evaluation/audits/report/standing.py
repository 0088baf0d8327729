"""The three answers on the first page: where do we stand, what comes first, and by when."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import add

from plumbline.registers.evaluation.audits.report.facts import CHAPTERS, AuditReport, Counts, Gap, PlanStep

FIRST_STEPS = 4  # as many as a managing director reads on a first page
HOURS_A_DAY = 8


@dataclass(frozen=True)
class Standing:
    """What the report comes down to, computed from its facts and nothing else."""

    total: Counts
    steps: tuple[PlanStep, ...]
    first: tuple[PlanStep, ...]
    blocking: int
    ready_on: date | None
    done_on: date | None
    effort: Decimal
    unowned: int
    unplanned: tuple[Gap, ...]

    @property
    def days(self) -> Decimal:
        """The effort in working days of eight hours, to the half day upwards."""
        halves = -(-self.effort * 2 // HOURS_A_DAY)
        return halves / 2


def standing(report: AuditReport) -> Standing:
    """Count, order and date what the report says."""
    steps = in_order(report.plan)
    blocking = [step for step in steps if step.blocks_stage_1]
    planned = {gap for step in steps for gap in step.gaps}
    return Standing(
        total=reduce(add, report.summary.values(), Counts()),
        steps=steps,
        first=tuple((blocking or list(steps))[:FIRST_STEPS]),
        blocking=len(blocking),
        ready_on=_last_due(blocking),
        done_on=_last_due(steps),
        effort=sum((step.effort or Decimal(0) for step in steps), Decimal(0)),
        unowned=sum(1 for step in steps if not step.who or not step.due),
        unplanned=tuple(gap for gap in report.gaps if gap.number not in planned),
    )


def in_order(plan: tuple[PlanStep, ...]) -> tuple[PlanStep, ...]:
    """What blocks stage 1 first, then as the plan orders it."""
    return tuple(sorted(plan, key=lambda step: (not step.blocks_stage_1, step.order, step.due or date.max)))


def by_clause(gaps: tuple[Gap, ...]) -> list[Gap]:
    """The gaps in the order of the standard: 8.2 before 8.10, and what is not met before what is partly met."""
    return sorted(gaps, key=lambda gap: (_clause_key(gap.clause), gap.result != "not_met", gap.number))


def closing(report: AuditReport) -> dict[str, PlanStep]:
    """The step of the plan that closes each gap, by the gap's number."""
    return {gap: step for step in reversed(in_order(report.plan)) for gap in step.gaps}


def chapters(report: AuditReport) -> list[tuple[int, Counts]]:
    """The chapters of the standard, with their counts, even those where nothing was counted."""
    return [(chapter, report.summary.get(chapter, Counts())) for chapter in CHAPTERS]


def _last_due(steps: list[PlanStep] | tuple[PlanStep, ...]) -> date | None:
    """When the last of the steps is due; None as long as one of them has no date."""
    dates = [step.due for step in steps if step.due]
    return max(dates) if dates and len(dates) == len(steps) else None


def _clause_key(clause: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (9999, part) for part in clause.replace("-", ".").split(".")]
