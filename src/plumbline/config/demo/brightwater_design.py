"""What is going on with the documents of Brightwater Pumps: read, reviewed, waiting, alerting, watched."""

from plumbline.config.demo.cast import Change, Designed, External, Listed

TEST = """# Pressure and performance test

1. Look at the gauge: is its calibration label in date? If not, test bay 1 or stop.
1. Fill, vent, and raise the pressure in steps of 2 bar up to 1.5 times the working pressure.
1. Hold for 15 minutes. **New:** look at the shaft seal with a lamp at 5, 10 and 15 minutes and write each look down.
1. Run at the duty point for 10 minutes; head, flow and current go on the test sheet.
1. The sheet goes with the pump; a copy stays here. No sheet, no dispatch.
"""
ASSEMBLY = """# Assembly of series BW200

Needs: job sheet, drawing BW200-00, torque wrenches BP-M-031 and BP-M-032, press, heater.

1. Check the kit against the bill of materials.
1. Read the seal code on the label and on the job sheet. If they differ: stop, red tag.
1. Heat the bearings to 90 °C, never above 110 °C; push on in one go.
1. **New:** the seal is taken out of its bag at the bench, not before; the lot number goes on the job sheet.
1. Casing bolts crosswise in three steps: 30, 60, 110 Nm.
"""
SUPPLIERS = """# Purchasing and suppliers

Suppliers of castings, shafts and seals are evaluated once a year by delivery, quality and answers to complaints.

A new supplier delivers samples first; quality measures them before the first order.

After a delivery that was rejected, the next three deliveries are inspected in full.
"""
ALERT = """# Quality alert: shaft seals of delivery 2217

Seals of delivery 2217 may leak. They lie in the blue boxes of rack 4.

1. Take none of them. Boxes 2210 to 2216 are good.
1. A pump that has one already: do not test, red tag, tell Sean Doyle.
"""
DESIGNED = Designed(
    listed=(
        Listed("BP-PO-01"),
        Listed("BP-WI-12", "Production"),
        Listed("BP-WI-10", "Production"),
        Listed("BP-PR-06", "Purchasing"),
        Listed("BP-QA-01", "Production"),
    ),
    changes=(
        Change(
            "BP-WI-12",
            "Sean Doyle",
            "The seal is looked at three times during the pressure test.",
            "Three pumps BW200 dripped, and nobody had looked before the end.",
            TEST,
            "effective",
            read=9,
        ),
        Change(
            "BP-WI-10",
            "Sean Doyle",
            "The seal stays in its bag until it is fitted, and its lot is written down.",
            "Dust on the faces; and lots could not be told apart.",
            ASSEMBLY,
            "approved",
            on=None,
            read=3,
        ),
        Change(
            "BP-PR-06",
            "Farah Siddiqui",
            "Three full inspections after a delivery that was rejected.",
            "Seals of delivery 2217.",
            SUPPLIERS,
            "in_review",
            reviewer="Oliver Grant",
            remarks=("Who pays for the inspections?", "Samples: also when only the tool is new?"),
        ),
        Change(
            "BP-QA-01",
            "Sean Doyle",
            "Seals of delivery 2217 are not fitted.",
            "Three of twelve leaked.",
            ALERT,
            "effective",
            last=14,
            title="Quality alert: shaft seals of delivery 2217",
            read=6,
        ),
    ),
    external=(
        External(
            "BP-EX-01",
            "ISO 9906: rotodynamic pumps, hydraulic performance acceptance tests",
            "2012",
            "The standards body's shop; one licence, kept by quality",
            "Imran Malik",
            5,
            "BP-WI-12 and the form of the test sheet",
        ),
    ),
    answers={
        "BP-QM-001": ("4.3-3", "7.5.1-a"),
        "BP-PO-01": ("5.2.2-a",),
        "BP-PR-04": ("10.2.2-a",),
        "BP-PR-05": ("8.3.3-3", "8.3.4-f", "8.3.5-1", "8.3.6-a"),
        "BP-PR-06": ("8.4.1-3",),
        "BP-PR-07": ("7.1.5.1-2", "7.1.5.2-a2"),
        "BP-PR-08": ("9.3.3-1",),
        "BP-RE-15": ("7.2-d",),
    },
    overdue={"BP-PR-02": -12},
)
