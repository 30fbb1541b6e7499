"""Films for Chromium's fake camera: labels as a phone sees them, tilted and blurred."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import zxingcpp
from PIL import Image, ImageFilter

SIZE = (640, 480)
QUIET = 12
WHITE, TABLE = 255, "#b9bfbc"


@dataclass(frozen=True)
class Label:
    """One symbol on white paper: pixels a module, degrees of tilt, middle, radius of the blur."""

    symbology: str
    text: str
    scale: int = 3
    tilt: float = 0
    middle: tuple[int, int] = (320, 224)
    blur: float = 0

    def paper(self) -> Image.Image:
        kind = getattr(zxingcpp.BarcodeFormat, self.symbology)
        symbol = zxingcpp.create_barcode(self.text, kind)
        drawn = Image.fromarray(symbol.to_image(scale=self.scale)).convert("L")
        paper = Image.new("L", (drawn.width + 2 * QUIET, drawn.height + 2 * QUIET), WHITE)
        paper.paste(drawn, (QUIET, QUIET))
        return paper


def frame(*labels: Label) -> bytes:
    """One picture of the camera as JPEG."""
    picture = Image.new("RGB", SIZE, TABLE)
    for label in labels:
        paper = label.paper()
        turned = paper.rotate(label.tilt, Image.Resampling.BICUBIC, expand=True)
        cut = Image.new("L", paper.size, WHITE).rotate(label.tilt, expand=True)
        left = label.middle[0] - turned.width // 2
        top = label.middle[1] - turned.height // 2
        picture.paste(turned.convert("RGB"), (left, top), cut)
    blur = max((label.blur for label in labels), default=0)
    file = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(blur)).save(file, "JPEG", quality=80)
    return file.getvalue()


def film(path: Path, *scenes: tuple[Label, ...], frames: int = 1) -> Path:
    """Write an MJPEG file (30 frames a second, shown again and again), ``frames`` of each scene."""
    path.write_bytes(b"".join(frame(*scene) * frames for scene in scenes))
    return path
