"""A personal link as it is shown once: to copy, and as a picture to scan."""

from io import BytesIO

import segno

from app.api import shapes
from app.settings import Settings


def made_link(settings: Settings, holder: str, secret: str) -> shapes.MadeLink:
    """Return the link of a participant with this secret, with its QR code."""
    link = f"{settings.public_origin}/u/{holder}#{secret}"
    picture = BytesIO()
    # With its namespace: a browser shows no SVG without it as a picture.
    segno.make(link, error="m").save(picture, kind="svg", scale=6, border=2, xmldecl=False, nl=False)
    return shapes.MadeLink(link=link, qr_svg=picture.getvalue().decode())
