"""Daily work at Linden Metalwork: three nonconformities and the actions that are open or done."""

from decimal import Decimal

from plumbline.config.demo.cast import Action, Nonconformity

NONCONFORMITIES = (
    Nonconformity(
        "Powder coat too thin",
        "Kestrel Kitchens measured 42 µm where 60 µm was ordered. The coater had changed a nozzle and told"
        " nobody; we look at coated parts when they come back, but do not measure them.",
        "Goods in",
        "Order 25120",
        48,
        "All 48 parts went back to Brightcoat the next morning and were recoated; 10 of them measured with"
        " LM-D-01, all above 65 µm.",
        "Priya Nair",
        "Grace Okoro",
        -24,
        "open",
    ),
    Nonconformity(
        "Flange 0.6 mm short",
        "Otley Agri could not fit 11 of 30 brackets. The first-off sheet shows a right value, measured with"
        " caliper LM-C-07.",
        "Press brake 2",
        "Order 25102",
        11,
        "30 brackets sorted at the customer's, 11 replaced within three days.",
        "Priya Nair",
        "Tom Hale",
        -61,
        "open",
    ),
    Nonconformity(
        "Two bends the wrong way",
        "18 left-hand covers were bent as right-hand ones: both versions lay on one trolley.",
        "Press brake 1",
        "Order 25077",
        18,
        "New covers made and delivered the next day; the wrong ones scrapped.",
        "Lucy Bright",
        "Colin Reeve",
        -118,
        "closed",
    ),
)
ACTIONS = (
    Action(
        "Measure coating at goods in",
        "Measure five parts of every coated lot with LM-D-01 and write the values on the delivery note.",
        "Pete Sully",
        -3,
        Decimal(2),
        "open",
    ),
    Action(
        "Agree with the coater that changes are told",
        "Written agreement with Brightcoat: thickness on the order, changes of nozzle or powder told beforehand.",
        "Grace Okoro",
        12,
        Decimal(3),
        "open",
    ),
    Action(
        "Coloured job sheets for left and right",
        "Green for left, blue for right, on separate trolleys; look at the next three lots.",
        "Colin Reeve",
        -64,
        Decimal(1),
        "done",
    ),
    Action(
        "Send Pete Sully to the fork-lift course",
        "Book the course at Lift Right; until then Dan Whitlock drives.",
        "Ruth Linden",
        20,
        Decimal(8),
        "open",
    ),
)
