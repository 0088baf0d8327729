"""DXF: words and picture of a drawing, and what a damaged or hostile one comes to."""

import io

import ezdxf
import pytest

from plumbline.drawings import NoDrawing, asking, is_dxf, read_dxf


def flange(binary: bool = False) -> bytes:
    document = ezdxf.new(setup=True, units=4)
    sheet = document.modelspace()
    sheet.add_circle((50, 25), 10)
    sheet.add_text("Flange LM-4711", height=4).set_placement((5, 60))
    sheet.add_mtext("Material: S235JR\\PTolerance %%p0.1", dxfattribs={"insert": (60, 45)})
    sheet.add_linear_dim(base=(0, -10), p1=(0, 0), p2=(120, 0)).render()
    block = document.blocks.new("TITLE")
    block.add_attdef("REV", (0, 0), "")
    sheet.add_blockref("TITLE", (0, 0)).add_auto_attribs({"REV": "Revision C"})
    return saved(document, binary)


def saved(document: "ezdxf.document.Drawing", binary: bool = False) -> bytes:
    if binary:
        made = io.BytesIO()
        document.write(made, fmt="bin")
        return made.getvalue()
    text = io.StringIO()
    document.write(text)
    return text.getvalue().encode()


@pytest.mark.slow  # starts the program that reads drawings
@pytest.mark.parametrize("binary", [False, True])
def test_words_measures_and_picture(binary: bool) -> None:
    content = flange(binary)
    assert is_dxf(content[:4096])
    drawing = read_dxf(io.BytesIO(content), picture=True)
    assert drawing.texts[:3] == ["Flange LM-4711", "Material: S235JR", "Tolerance ±0.1"]
    assert {"120", "Revision C"} <= set(drawing.texts)
    assert drawing.properties["unit"] == "mm"
    assert drawing.svg.startswith("<svg")
    assert 'width="1200"' in drawing.svg


@pytest.mark.slow  # starts the program that reads drawings
def test_a_picture_named_elsewhere_is_not_opened(tmp_path) -> None:
    from PIL import Image

    Image.new("RGB", (40, 40), "red").save(tmp_path / "secret.png")
    document = ezdxf.new()
    named = document.add_image_def(str(tmp_path / "secret.png"), size_in_pixel=(40, 40))
    document.modelspace().add_image(named, insert=(0, 0), size_in_units=(40, 40))
    document.modelspace().add_line((0, 0), (10, 10))
    drawing = read_dxf(io.BytesIO(saved(document)), picture=True)
    assert "<path" in drawing.svg
    assert "<image" not in drawing.svg
    assert "base64" not in drawing.svg


@pytest.mark.slow  # starts the program that reads drawings
@pytest.mark.parametrize("content", [b"0\nSECTION\n2\nENTITIES\n", b"0\nSECTION\n" + b"\xff" * 5000, flange()[:3000]])
def test_half_a_file_is_damaged_or_empty_and_never_another_error(content: bytes) -> None:
    try:
        drawing = read_dxf(io.BytesIO(content), picture=True)
    except NoDrawing as error:
        said = str(error)
    else:
        said = drawing.svg or "damaged"
    assert said == "damaged"


@pytest.mark.slow  # runs against its limit of processor time
def test_blocks_of_blocks_end_at_the_limit(monkeypatch) -> None:
    monkeypatch.setattr(asking, "PROGRAM_SECONDS", 3)
    document = ezdxf.new()
    inner = document.blocks.new("B0")
    inner.add_line((0, 0), (1, 1))
    for depth in range(1, 12):
        block = document.blocks.new(f"B{depth}")
        for place in range(10):
            block.add_blockref(f"B{depth - 1}", (place, depth))
    document.modelspace().add_blockref("B11", (0, 0))
    with pytest.raises(NoDrawing, match="too_slow"):
        read_dxf(io.BytesIO(saved(document)), picture=True)


def test_a_file_over_the_limit_is_not_looked_into(monkeypatch) -> None:
    monkeypatch.setattr(asking, "LONGEST", 100)
    with pytest.raises(NoDrawing, match="too_large"):
        read_dxf(io.BytesIO(b"0\nSECTION\n" * 20), picture=False)


@pytest.mark.parametrize("head", [b"", b"0", b"section", b"<svg>", b"%PDF-1.7", b"0\nLINE\n"])
def test_what_is_no_dxf(head: bytes) -> None:
    assert not is_dxf(head)
