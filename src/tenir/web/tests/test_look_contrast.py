"""Every pair of colours that meets on a screen can be read, in both themes (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

STYLES = Path(__file__).parents[1] / "static" / "tenir"
TOKEN = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
TOKENS = {name: (light, dark) for name, light, dark in TOKEN.findall((STYLES / "tokens.css").read_text())}

SURFACES = ("rail", "paper", "well", "sheet", "raised", "hover", "rail-hover", "note-wash", "us-wash", "chosen")
KINDS = ("leaf", "sky", "sand", "plum", "clay")
#: words on surface: 4.5:1
READ = [
    *[("ink", surface) for surface in (*SURFACES, "accent-wash", "risk-wash", "kept-wash", "broken-wash", "note-tab")],
    *[("soft", surface) for surface in SURFACES if surface != "chosen"],
    *[("soft", "accent-wash"), ("soft", "risk-wash"), ("soft", "disc")],
    *[("faint", surface) for surface in (*SURFACES, "risk-wash", "accent-wash") if surface != "chosen"],
    *[("accent", surface) for surface in ("paper", "well", "sheet", "raised", "hover")],
    *[("accent", surface) for surface in ("accent-wash", "us-wash", "note-wash", "disc-us")],
    *[("accent-deep", surface) for surface in ("paper", "well", "sheet", "raised")],
    *[("broken", surface) for surface in ("paper", "well", "sheet", "broken-wash")],
    *[("risk", surface) for surface in ("paper", "sheet", "raised", "risk-wash")],
    *[("kept", surface) for surface in ("paper", "sheet", "raised", "kept-wash")],
    ("accent-ink", "accent"), ("accent-ink", "accent-deep"), ("toast-ink", "toast"),
]  # fmt: skip
#: edges of what can be filled in, the mark of the focus, dots that carry a state: 3:1
SEEN = [
    *[("edge", surface) for surface in ("paper", "sheet", "raised", "well")],
    *[("accent", surface) for surface in (*SURFACES, "accent-wash")],
    *[("risk", "note-wash"), ("kept", "sheet"), ("risk", "sheet")],
    *[(f"kind-{kind}", surface) for kind in KINDS for surface in ("paper", "sheet", "raised", "hover")],
]


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back"), READ, ids=lambda name: name)
def test_words_can_be_read(front: str, back: str, theme: int) -> None:
    assert contrast(TOKENS[front][theme], TOKENS[back][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back"), SEEN, ids=lambda name: name)
def test_edges_and_marks_can_be_seen(front: str, back: str, theme: int) -> None:
    assert contrast(TOKENS[front][theme], TOKENS[back][theme]) >= 3


def test_no_colour_escapes_the_measure() -> None:
    """A colour written anywhere else than in tokens.css would be in no pair above. Paper and letters are white."""
    for style in STYLES.glob("*.css"):
        if style.name in ("tokens.css", "print.css", "mail.css"):
            continue
        written = re.findall(r"#[0-9a-f]{3,8}\b|rgb\(|hsl\(|oklch\(", style.read_text())
        assert set(written) <= {"#fff"}, style.name


def test_every_token_that_is_used_exists() -> None:
    styles = "".join(style.read_text() for style in STYLES.glob("*.css"))
    declared = set(re.findall(r"--([\w-]+):", styles))
    assert set(re.findall(r"var\(--([\w-]+)", styles)) <= declared
