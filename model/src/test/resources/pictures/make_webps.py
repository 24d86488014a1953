#!/usr/bin/env python3
"""Makes webps.zip beside this file: small WebPs with what encoders can write, and expected.tsv with what libwebp makes of each:
name, style, width, height and the SHA-256 of its RGB bytes in reading order.

    apt-get install webp
    pip install pillow numpy
    python make_webps.py

Written with cwebp and webpmux 1.2.4, and Pillow 12.3.0, which holds libwebp 1.6.0; dwebp 1.2.4 gives the same pixels of every still
image, which this script checks. Styles are those of make_pictures.py.
"""
import hashlib, io, pathlib, random, subprocess, tempfile, zipfile
import numpy as np
from PIL import Image, ImageDraw
from make_pictures import natural

HERE = pathlib.Path(__file__).resolve().parent
rng = np.random.default_rng(7)
files = {}
SIZES = [(1, 1), (2, 2), (3, 5), (1, 17), (17, 1), (16, 16), (15, 33), (40, 32), (61, 47), (90, 3)]


# ---------------------------------------------------------------- what they show
def photo(w, h, seed):
    x, y = np.meshgrid(np.arange(w), np.arange(h))
    a = np.stack([128 + 100 * np.sin(x / 9 + seed) * np.cos(y / 13), 128 + 90 * np.sin((x + y) / 17 + seed), 255 * x / w * (y / h)], -1)
    return Image.fromarray((a + rng.normal(0, 6, a.shape)).clip(0, 255).astype(np.uint8))


def edges(w, h, seed):
    image = Image.new("RGB", (w, h), (255, 255, 255)); draw = ImageDraw.Draw(image); r = random.Random(seed)
    for _ in range(12):
        (l, m), (t, b) = sorted((r.randrange(w), r.randrange(w))), sorted((r.randrange(h), r.randrange(h)))
        colour = tuple(r.choice((0, 255, 128, r.randrange(256))) for _ in range(3)); r.choice((draw.rectangle, draw.ellipse))([l, t, m, b], fill=colour)
    draw.text((2, 2), "Abc 123", fill=(255, 0, 0)); return image


def noise(w, h, seed):
    return Image.fromarray(rng.integers(0, 256, (h, w, 3)).astype(np.uint8))


def page(w, h, seed):
    image = Image.new("RGB", (w, h), (250, 250, 245)); ImageDraw.Draw(image).text((1, 1), "page", fill=(20, 20, 20)); return image


def transparent(image, kind):
    w, h = image.size; x, y = np.meshgrid(np.arange(w), np.arange(h))
    alpha = [x * 255 // max(1, w - 1), (x // 5 + y // 3) % 2 * 255, rng.integers(0, 256, (h, w)), (128 + 127 * np.sin(x / 7) * np.cos(y / 5)).astype(int)][kind % 4]
    image = image.copy(); image.putalpha(Image.fromarray(alpha.astype(np.uint8))); return image


# ---------------------------------------------------------------- how they are written
def cwebp(name, image, *options):
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder, "in.png"), pathlib.Path(folder, "out.webp"); image.save(source)
        subprocess.run(["cwebp", "-quiet", *map(str, options), str(source), "-o", str(target)], check=True); files[name] = target.read_bytes()


def lossy_options(r):
    options = ["-preset", r.choice(("photo", "drawing", "text", "icon", "picture"))] if r.random() < .2 else []
    options += ["-q", r.choice((0, 5, 10, 25, 40, 50, 60, 75, 80, 90, 95, 100)), "-m", r.randrange(7)]
    for chance, more in ((.5, ["-f", r.choice((0, 10, 30, 60, 100))]), (.5, ["-sharpness", r.randrange(8)]), (.3, [r.choice(("-strong", "-nostrong"))]),
                         (.4, ["-segments", r.randrange(1, 5)]), (.3, ["-sns", r.choice((0, 50, 100))]), (.3, ["-partition_limit", r.choice((0, 50, 100))]),
                         (.3, ["-pre", r.choice((1, 2, 4))]), (.2, ["-sharp_yuv"]), (.2, ["-af"])):
        options += more if r.random() < chance else []
    return options


def stills():
    seed = 0
    for kind in (photo, edges, noise, page):
        for w, h in SIZES:
            for how in ("lossy", "lossy", "lossy-alpha", "lossless"):
                seed += 1; r = random.Random(seed); image = kind(w, h, seed); name = f"{how}-{kind.__name__}-{w}x{h}-{seed}.webp"
                if how == "lossless":
                    image = transparent(image, seed) if r.random() < .5 else image
                    cwebp(name, image, *(["-near_lossless", r.choice((0, 40, 80))] if r.random() < .3 else ["-lossless", "-q", r.choice((0, 50, 100)), "-m", r.randrange(7)]), *(["-exact"] if r.random() < .5 else []))
                elif how == "lossy-alpha":
                    cwebp(name, transparent(image, seed), *lossy_options(r), "-alpha_method", r.randrange(2), "-alpha_filter", r.choice(("none", "fast", "best")), "-alpha_q", r.choice((0, 30, 80, 100)))
                else:
                    cwebp(name, image, *lossy_options(r))
    for partitions in range(4):
        out = io.BytesIO(); photo(70, 90, partitions).save(out, "WEBP", quality=60, method=4); files[f"lossy-partitions-{partitions}.webp"] = out.getvalue()
    cwebp("lossless-flat-300x200.webp", Image.new("RGB", (300, 200), (20, 200, 77)), "-lossless"); cwebp("lossy-flat-300x200.webp", Image.new("RGB", (300, 200), (250, 250, 245)), "-q", 75)


def animations():
    for i in range(8):
        r = random.Random(1000 + i); w, h = r.choice(SIZES[5:]); frames = [transparent(edges(w, h, j), i) if i % 2 else photo(w, h, j) for j in (i, i + 50)]
        out = io.BytesIO(); frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], lossless=i % 3 == 0, quality=r.choice((10, 50, 90)), allow_mixed=i % 5 == 0); files[f"animated-{i}.webp"] = out.getvalue()
    with tempfile.TemporaryDirectory() as folder:
        for i in range(6):
            image = (edges if i % 2 else photo)(40, 30, i); image = transparent(image, i) if i in (2, 3) else image
            first, second, target = (pathlib.Path(folder, name) for name in ("1.webp", "2.webp", "out.webp")); image.save(first, quality=50, lossless=i % 3 == 0); photo(64, 48, i).save(second)
            subprocess.run(["webpmux", "-frame", first, "+100+10+8+0-b", "-frame", second, "+100+0+0+0+b", "-bgcolor", "255,10,20,30", "-o", target], check=True, capture_output=True); files[f"animated-part-{i}.webp"] = target.read_bytes()
    exif = Image.Exif(); exif[0x0112] = 6; out = io.BytesIO(); edges(61, 47, 5).save(out, "WEBP", quality=40, exif=exif); files["lossy-exif.webp"] = out.getvalue()


def check(name, data):
    """Whether dwebp agrees with Pillow."""
    with tempfile.NamedTemporaryFile(suffix=".webp") as file:
        file.write(data); file.flush(); pam = subprocess.run(["dwebp", "-quiet", "-nodither", file.name, "-pam", "-o", "-"], check=True, capture_output=True).stdout
    assert pam[pam.index(b"ENDHDR\n") + 7:] == Image.open(io.BytesIO(data)).convert("RGBA").tobytes(), name


def main():
    stills(); animations(); lines = []
    for name, data in sorted(files.items()):
        if not name.startswith("animated"):
            check(name, data)
        for style, make in (("reference", lambda image: image.convert("RGB")), ("natural", natural)):
            image = make(Image.open(io.BytesIO(data)))
            lines.append("\t".join([name, style, *map(str, image.size), hashlib.sha256(image.tobytes()).hexdigest()]))
    with zipfile.ZipFile(HERE / "webps.zip", "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in [*sorted(files.items()), ("expected.tsv", ("\n".join(lines) + "\n").encode())]:
            out.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    print(len(files), "images")


if __name__ == "__main__":
    main()
