"""Daily work at Linden Metalwork: what went wrong, how far it was followed up, and what is to be done."""

from decimal import Decimal

from plumbline.config.demo.cast import Action, Nonconformity, Remark, Step

NONCONFORMITIES = (
    Nonconformity(
        "Two bends the wrong way",
        "18 left-hand covers were bent as right-hand ones: both versions lay on one trolley.",
        "Press brake 1",
        "Order 25077",
        18,
        "customer",
        "Priya Nair",
        "Colin Reeve",
        -118,
        -60,
        steps=(
            Step(
                "correct",
                "Colin Reeve",
                {"correction": "New covers made and delivered the next day; the wrong ones scrapped."},
            ),
            Step("analyse", "Colin Reeve"),
            Step(
                "plan",
                "Colin Reeve",
                {
                    "cause": "Left and right versions look alike and lie on one trolley; the job sheets are the same.",
                    "criterion": "The next three lots of left and right parts are right, looked at piece by piece.",
                    "similar_cases": "Three other parts are made left and right; they get the same sheets.",
                },
            ),
            Step("submit", "Colin Reeve"),
        ),
        actions=(
            Action(
                "Coloured job sheets for left and right",
                "Green for left, blue for right, on separate trolleys; look at the next three lots.",
                "Colin Reeve",
                -64,
                Decimal(1),
                "Sheets are printed green and blue, trolleys are marked. Four parts changed over.",
            ),
        ),
        effect="Three lots looked at piece by piece, 74 parts: all right.",
    ),
    Nonconformity(
        "Flange 0.6 mm short",
        "Otley Agri could not fit 11 of 30 brackets. The first-off sheet shows a right value, measured with"
        " caliper LM-C-07.",
        "Press brake 2",
        "Order 25102",
        11,
        "customer",
        "Priya Nair",
        "Tom Hale",
        -61,
        5,
        steps=(
            Step(
                "correct",
                "Tom Hale",
                {"correction": "30 brackets sorted at the customer's, 11 replaced within three days."},
            ),
        ),
        remarks=(
            Remark(
                "Tom Hale",
                "@Ruth Linden LM-C-07 reads 0.5 mm too much on the gauge block. Other jobs were measured with it, so"
                " sorting these brackets is not enough: I would open a corrective action.",
            ),
        ),
    ),
    Nonconformity(
        "Powder coat too thin",
        "Kestrel Kitchens measured 42 µm where 60 µm was ordered. The coater had changed a nozzle and told"
        " nobody; we look at coated parts when they come back, but do not measure them.",
        "Goods in",
        "Order 25120",
        48,
        "supplier",
        "Priya Nair",
        "Grace Okoro",
        -24,
        30,
        steps=(
            Step(
                "correct",
                "Grace Okoro",
                {
                    "correction": "All 48 parts went back to Brightcoat the next morning and were recoated; 10 of them"
                    " measured with LM-D-01, all above 65 µm."
                },
            ),
            Step("analyse", "Grace Okoro", {"containment": "Coated parts wait at goods in until five are measured."}),
            Step(
                "plan",
                "Grace Okoro",
                {
                    "cause": "Nobody agreed with the coater that changes are told; nobody here measures coated parts.",
                    "criterion": "No coated lot leaves us without five values on the delivery note, for three months.",
                },
            ),
        ),
        actions=(
            Action(
                "Measure coating at goods in",
                "Measure five parts of every coated lot with LM-D-01 and write the values on the delivery note.",
                "Pete Sully",
                -3,
                Decimal(2),
            ),
            Action(
                "Agree with the coater that changes are told",
                "Agreement with Brightcoat: thickness on the order, changes of nozzle or powder told beforehand.",
                "Grace Okoro",
                12,
                Decimal(3),
            ),
        ),
    ),
    Nonconformity(
        "Delivery note shows the wrong drawing revision",
        "Harrow Lifts: the note of order 25131 says revision C, parts and drawing are revision D.",
        "Office",
        "Order 25131",
        20,
        "customer",
        "Priya Nair",
        "Pete Sully",
        -8,
        2,
        remarks=(Remark("Priya Nair", "@Pete Sully a new note is with the customer. How did C get on it?"),),
    ),
    Nonconformity(
        "Burr on laser-cut gussets",
        "The assist gas of laser 2 was low: 40 gussets have a burr of 0.3 mm on the lower edge. They lie on the red"
        " trolley.",
        "Laser 2",
        "Order 25140",
        40,
        "process",
        "Dan Whitlock",
        "Tom Hale",
        -1,
        3,
    ),
)
ACTIONS = (
    Action(
        "Send Pete Sully to the fork-lift course",
        "Book the course at Lift Right; until then Dan Whitlock drives.",
        "Ruth Linden",
        20,
        Decimal(8),
    ),
    Action(
        "Put the red stamp on the new printer",
        "Printed copies of instructions leave the office printer without the stamp.",
        "Priya Nair",
        -15,
        Decimal(1),
        "The stamp lies beside the printer, and page 1 of LM-PR-01 says so.",
    ),
)
