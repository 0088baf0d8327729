"""A folder of documents as a small firm has it: some good, one locked, one broken."""

from pathlib import Path

INSPECTION = """
# Incoming inspection

Document no. HF-PR-07 · Revision 3 · Procedure

Every delivery is checked against the order before it is released to production. The storekeeper compares
quantity, material and certificate, and writes the result on the delivery note. Goods that do not conform are put on
the red shelf, marked, and kept apart until the quality manager has decided what happens to them.
"""
POLICY = """<h1>Quality policy</h1><p>Document no. HF-QP-01, Revision 2, owner: managing director</p>
<p>Harbour Fittings makes fittings for small ships. Top management has established this quality policy. It commits
us to satisfy the requirements of our customers and of the law, and to improve the quality management system
continually. The policy is communicated to everybody who works here and is on the notice board.</p>"""
GAUGES = [
    ("Number", "Instrument", "Calibrated on", "Next calibration", "Certificate"),
    ("M-01", "Calliper 150 mm", "2026-02-03", "2027-02-03", "C-4411"),
    ("M-02", "Torque wrench", "2026-02-03", "2027-02-03", "C-4412"),
]
TRAINING = (
    "Procedure: competence and training",
    "Document no. HF-PR-04, Revision 1",
    "For every job we determine the competence that is necessary. Where somebody lacks it, training is arranged, and "
    "afterwards the supervisor judges whether the training was effective. Records of education, training and "
    "experience are kept in the personnel file.",
)


def lay_out(folder: Path) -> Path:
    """Write the folder: Word, PDF, Excel, Markdown, a PDF with a password and a Word file that is none."""
    folder.mkdir(parents=True)
    (folder / "Incoming inspection.md").write_text(INSPECTION, encoding="utf-8")
    _word(folder / "Training.docx")
    _excel(folder / "Measuring equipment.xlsx")
    _pdf(folder / "Quality policy.pdf")
    _locked(folder / "Quality policy.pdf", folder / "Salaries.pdf")
    (folder / "Organigram.docx").write_bytes(b"PK\x03\x04 this was a Word file once")
    return folder


def _word(path: Path) -> None:
    import docx

    document = docx.Document()
    document.add_heading(TRAINING[0])
    for text in TRAINING[1:]:
        document.add_paragraph(text)
    document.save(str(path))


def _excel(path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Measuring equipment"
    for row in GAUGES:
        book.active.append(row)
    book.save(path)


def _pdf(path: Path) -> None:
    import weasyprint

    weasyprint.HTML(string=POLICY).write_pdf(path)


def _locked(open_file: Path, path: Path) -> None:
    import pypdf

    writer = pypdf.PdfWriter(clone_from=open_file)
    writer.encrypt("nobody knows", algorithm="AES-256")
    writer.write(path)


def photo(path: Path) -> Path:
    """A photo as a phone takes it, only smaller."""
    from PIL import Image

    Image.effect_noise((320, 240), 40).convert("RGB").save(path, quality=70)
    return path
