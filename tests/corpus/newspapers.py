"""The smallest pages and issues of newspapers, as programs write them that recognise letters."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

__all__ = ["alto", "hocr", "mets"]


def alto(blocks: Sequence[tuple[str, Sequence[str]]], *, number: int = 1, head: str = "", version: str = "3") -> str:
    """A page of ALTO of blocks, each with its id and its lines; "con-|struction" at a line's end is a word that is cut.

    Blocks whose id begins with H are set in large letters. `head` stands in the margin.
    """
    shown, top, rest = [], 100, ""
    for name, lines in blocks:
        rows = []
        size = 60 if name.startswith("H") else 20
        for line in lines:
            words, begun, _ = line.partition("|")
            strings = [f"<String CONTENT={quoteattr(word)}/>" for word in words.split()]
            if rest:
                first, second, tail = rest.split("|")
                strings.insert(0, _part(2, second + tail, first + second))
                rest = ""
            if begun:
                second = line.partition("|")[2]
                first = words.split()[-1].removesuffix("-")
                bare = second.rstrip(".,")
                strings[-1] = _part(1, first, first + bare) + '<HYP CONTENT="-"/>'
                rest = f"{first}|{bare}|{second[len(bare) :]}"
            rows.append(
                f'<TextLine HPOS="100" VPOS="{top}" WIDTH="{18 * len(line)}" HEIGHT="{size + top % 3}">'
                f"{'<SP/>'.join(strings)}</TextLine>"
            )
            top += size + 10
        shown.append(f'<ComposedBlock ID="C{name}"><TextBlock ID="{name}">{"".join(rows)}</TextBlock></ComposedBlock>')
    margin = (
        f'<TopMargin><TextBlock ID="M"><TextLine><String CONTENT={quoteattr(head)}/></TextLine></TextBlock></TopMargin>'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><alto xmlns="http://www.loc.gov/standards/alto/ns-v{version}#"><Layout>'
        f'<Page ID="P{number}" PHYSICAL_IMG_NR="{number}">{margin if head else ""}<PrintSpace>{"".join(shown)}'
        "</PrintSpace></Page></Layout></alto>"
    )


def _part(number: int, content: str, whole: str) -> str:
    return f'<String CONTENT={quoteattr(content)} SUBS_TYPE="HypPart{number}" SUBS_CONTENT={quoteattr(whole)}/>'


def mets(
    units: str, *, pages: int, title: str = "The Whitby Examiner", day: str = "1907-03-01", at: str = "alto/"
) -> str:
    """A METS file over so many pages; `units` is what stands below the issue."""
    files = "".join(
        f'<mets:file ID="ALTO{n}"><mets:FLocat LOCTYPE="URL" xlink:href="file://./{at}{n}.xml"/></mets:file>'
        for n in range(1, pages + 1)
    )
    order = "".join(
        f'<mets:div TYPE="PAGE" ORDER="{n}"><mets:fptr><mets:area FILEID="ALTO{n}"/></mets:fptr></mets:div>'
        for n in range(1, pages + 1)
    )
    return (
        '<?xml version="1.0"?><mets:mets xmlns:mets="http://www.loc.gov/METS/" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:mods="http://www.loc.gov/mods/v3">'
        '<mets:dmdSec ID="PRINT"><mets:mdWrap MDTYPE="MODS"><mets:xmlData><mods:mods><mods:titleInfo><mods:title>'
        f"{escape(title)}</mods:title></mods:titleInfo><mods:language><mods:languageTerm>en</mods:languageTerm>"
        "</mods:language></mods:mods></mets:xmlData></mets:mdWrap></mets:dmdSec>"
        '<mets:dmdSec ID="ISSUE"><mets:mdWrap MDTYPE="MODS"><mets:xmlData><mods:mods><mods:originInfo>'
        f"<mods:dateIssued>{day}</mods:dateIssued></mods:originInfo></mods:mods></mets:xmlData></mets:mdWrap>"
        f'</mets:dmdSec><mets:fileSec><mets:fileGrp ID="ALTOGRP">{files}</mets:fileGrp></mets:fileSec>'
        f'<mets:structMap TYPE="PHYSICAL"><mets:div TYPE="NEWSPAPER">{order}</mets:div></mets:structMap>'
        '<mets:structMap TYPE="LOGICAL"><mets:div TYPE="NEWSPAPER" DMDID="PRINT"><mets:div TYPE="ISSUE" DMDID="ISSUE">'
        f'<mets:div TYPE="CONTENT">{units}</mets:div></mets:div></mets:div></mets:structMap></mets:mets>'
    )


def hocr(pages: Sequence[Sequence[Sequence[str]]], *, size: int = 20) -> str:
    """Pages of paragraphs of lines, as Tesseract writes them. A line that begins with # is set in large letters."""
    shown = []
    for number, paragraphs in enumerate(pages):
        top, blocks = 100, []
        for lines in paragraphs:
            rows = []
            for line in lines:
                height = 3 * size if line.startswith("#") else size
                text = line.lstrip("#")
                words = " ".join(
                    f"<span class='ocrx_word' title='bbox 1 1 2 2; x_wconf 90'>{escape(w)}</span>" for w in text.split()
                )
                box = f"bbox 100 {top} {100 + 18 * len(text)} {top + height}; x_size {height}"
                rows.append(f"<span class='ocr_line' title=\"{box}\">{words}</span>")
                top += height + 10
            blocks.append(f"<div class='ocr_carea'><p class='ocr_par'>{''.join(rows)}</p></div>")
        facts = f'image "scan {number}.png"; bbox 0 0 9 9; ppageno {number}'
        shown.append(f"<div class='ocr_page' title='{facts}'>{''.join(blocks)}</div>")
    return (
        "<?xml version='1.0' encoding='UTF-8'?><!DOCTYPE html><html xmlns='http://www.w3.org/1999/xhtml'><head>"
        f"<meta name='ocr-system' content='tesseract 5'/></head><body>{''.join(shown)}</body></html>"
    )
