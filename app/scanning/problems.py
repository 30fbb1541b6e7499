"""What reading a photo can refuse."""

from __future__ import annotations

from app.kit.i18n import mark
from app.kit.problems import Unreadable


class PictureTooLarge(Unreadable):
    """More bytes or pixels than a photo of a label needs."""

    code = "picture_too_large"
    text = mark("The picture is too large: {size}, at most {limit}.")
    advice = mark("Take the photo with a lower resolution, or cut out the code and send that.")


class PictureNotReadable(Unreadable):
    """Not a picture, or one that ends too early."""

    code = "picture_not_readable"
    text = mark("The file is no picture that can be read, or it is damaged.")
    advice = mark("Take the photo again and send it as JPEG or PNG.")


class PictureFormatNotSupported(Unreadable):
    """HEIC and other formats that need a licence or that no phone makes."""

    code = "picture_format_not_supported"
    text = mark("Pictures in the format {format} cannot be read.")
    advice = mark(
        'Set the camera to JPEG (iPhone: Settings, Camera, Formats, "Most Compatible"), '
        "or send a screenshot."
    )


class PictureMoves(Unreadable):
    """An animation has no one frame that the code is sure to be in."""

    code = "picture_moves"
    text = mark("The file is an animation, not a photo.")
    advice = mark("Send a single photo or a screenshot of the frame with the code.")
