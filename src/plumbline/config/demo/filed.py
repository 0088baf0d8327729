"""Records the demo companies keep: most in their time, some past it, one on hold, one disposed of."""

from plumbline.config.demo.cast import Filed

YEAR = 365
LINDEN = (
    Filed(
        "First-off inspection, flange",
        "Inspections and tests",
        -61,
        "Colin Reeve",
        "Order 25102",
        files={"LM-FO-25102 first-off.txt": "Flange 140: length 139.4, drawing 140 +/- 0.2, caliper LM-C-07. C. Reeve"},
    ),
    Filed(
        "Calibration of caliper LM-C-07",
        "Measuring equipment and calibration",
        -400,
        "Tom Hale",
        "LM-C-07",
        files={
            "LM-C-07 certificate.txt": "Caliper 0-150 mm, deviation 0.01 mm, traceable. Next calibration in 12 months."
        },
        valid=-400,
    ),
    Filed(
        "Welder's certificate Stefan Adler",
        "Training and competence",
        -300,
        "Marek Nowak",
        "Stefan Adler",
        place="Office, personnel folder",
        files={"Adler MAG welding.txt": "135 P FW FM1 S t8 PB ml, confirmed every six months."},
        valid=-300,
    ),
    Filed(
        "Supplier evaluation, powder coaters",
        "Supplier evaluation",
        -6 * YEAR,
        "Grace Okoro",
        files={"Powder coaters.txt": "Northcoat 1.3, Aire Finishing 2.0: both stay on the list."},
    ),
    Filed(
        "Customer survey",
        "Customer satisfaction",
        -4 * YEAR,
        "Priya Nair",
        place="Sales, folder 2",
        concerns="41 answers",
    ),
    Filed(
        "Minutes of the management review",
        "Management review",
        -7 * YEAR,
        "Ruth Linden",
        files={
            "Review.txt": "Present: R. Linden, T. Hale, G. Okoro. Decided: a second press brake; gauges are numbered."
        },
        moves=("propose", "sign"),
    ),
    Filed(
        "Complaint Otley Agri, cracked weld",
        "Complaints, nonconformities, actions",
        -12 * YEAR,
        "Tom Hale",
        "Order 14230",
        ended=-11 * YEAR,
        files={
            "Otley 14230.txt": "Crack at the toe of the fillet weld, 3 of 40 frames. Replaced, root cause: wrong wire."
        },
        moves=("hold",),
        reason="Otley Agri's insurer asked for the papers of order 14230 again.",
    ),
    Filed(
        "Calibration of caliper LM-C-02",
        "Measuring equipment and calibration",
        -8 * YEAR,
        "Tom Hale",
        "LM-C-02",
        files={"LM-C-02 certificate.txt": "Caliper 0-200 mm, scrapped the year after."},
        moves=("propose", "dispose"),
    ),
)
BRIGHTWATER = (
    Filed(
        "Pressure test of series BW200",
        "Inspections and tests",
        -12,
        "Imran Malik",
        "Lot BW200-118",
        files={"BW200-118 test.txt": "12 pumps at 1.5 times working pressure, 30 minutes: 9 dry, 3 at the seal."},
        valid=-12,
    ),
    Filed("Type test BW150", "Design and development", -900, "Hugh Pemberton", "BW150", place="Design, cabinet 4"),
    Filed(
        "Survey of service customers",
        "Customer satisfaction",
        -4 * YEAR,
        "Alan Whitby",
        files={"Survey Hull.txt": "58 answers, 4.2 of 5; most often named: time until the pump is back."},
        moves=("propose",),
    ),
    Filed("Supplier evaluation, castings", "Supplier evaluation", -6 * YEAR, "Farah Siddiqui", place="Purchasing"),
)
