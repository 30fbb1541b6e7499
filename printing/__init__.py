"""Paper: typed data in, bytes out. Labels, notes and sheets as PDF or PNG.

This package stands beside the application and imports nothing of it: whoever prints hands over
frozen dataclasses with everything that is to be seen, and decides what a code says.
Fonts come from fontconfig: Noto Sans CJK SC is expected (Debian: `fonts-noto-cjk`); where it is
missing, Source Han Sans, WenQuanYi or the system's default take over, and the layout, whose text
widths are Noto's, clips rather than overflows.
"""
