"""Daily work at Brightwater Pumps: two nonconformities and what is to be done."""

from decimal import Decimal

from plumbline.config.demo.cast import Action, Nonconformity, Remark, Step

NONCONFORMITIES = (
    Nonconformity(
        "Shaft seal leaks at the pressure test",
        "3 of 12 pumps BW200 dripped at the seal during the test at 1.5 times working pressure.",
        "Test bay 1",
        "Lot BW200-118",
        3,
        "process",
        "Imran Malik",
        "Sean Doyle",
        -12,
        9,
        steps=(
            Step(
                "correct",
                "Sean Doyle",
                {"correction": "The 3 seals replaced and the pumps tested again, dry for 30 minutes."},
            ),
            Step("analyse", "Sean Doyle", {"containment": "Seals of this delivery are looked at before fitting."}),
        ),
        remarks=(
            Remark(
                "Imran Malik", "@Sean Doyle all three seals are of one delivery. @Nadia Rahman please look with us."
            ),
        ),
    ),
    Nonconformity(
        "Repair left Hull without its test sheet",
        "A BW150 was sent back to the customer and the sheet of the final test stayed in Hull.",
        "Dispatch Hull",
        "Repair 4471",
        1,
        "customer",
        "Tracey Blanchard",
        "Alan Whitby",
        -5,
        4,
        steps=(
            Step(
                "correct",
                "Alan Whitby",
                {"correction": "Sheet sent the same day; all repairs of that week checked, nothing else was missing."},
            ),
        ),
    ),
)
ACTIONS = (
    Action(
        "Prepare the initial audit in Plumbline",
        "Choose the days, the areas and the team; ask Helen Marsh whether she leads it.",
        "Nadia Rahman",
        10,
        Decimal(2),
    ),
    Action(
        "Calibrate the reference gauge of test bay 2",
        "It falls due this month; bay 1 tests meanwhile.",
        "Imran Malik",
        6,
        Decimal(4),
    ),
)
