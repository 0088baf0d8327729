"""The table of contents: every register, in clause order. Adding a register is one line here."""

REGISTERS = [
    "plumbline.registers.context.exclusions",
    "plumbline.registers.support.documents",
    "plumbline.registers.support.records",
    "plumbline.registers.evaluation.audits",
    "plumbline.registers.improvement.nonconformities",
    "plumbline.registers.improvement.actions",
]
