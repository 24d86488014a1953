#!/usr/bin/env python3
"""Makes pictures.zip beside this file: small pictures of every kind that the decoder must read, and expected.tsv with what Pillow
makes of each: name, style, width, height and the SHA-256 of its RGB bytes in reading order.

    pip install pillow numpy
    python make_pictures.py

Written with Pillow 12.3.0. Styles: `reference` is convert("RGB"), `natural` is what fixtures/make_fixtures.py calls so.
"""
import hashlib, io, pathlib, struct, zipfile, zlib
import numpy as np
from PIL import Image, ImageCms, ImageOps

HERE = pathlib.Path(__file__).resolve().parent
rng = np.random.default_rng(3)
files = {}
keyed = {}   # of PNGs with a transparent sample value: which pixels have it


def drawn(w, h, seed):
    x, y = np.meshgrid(np.arange(w), np.arange(h))
    a = np.stack([128 + 100 * np.sin(x / 9 + seed) * np.cos(y / 13), 128 + 90 * np.sin((x + y) / 17 + seed), 255 * x / w * (y / h)], -1)
    return (a + rng.normal(0, 6, a.shape)).clip(0, 255).astype(np.uint8)


# ---------------------------------------------------------------- PNG, written here: Pillow has no interlaced writer
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def packed(rows, bits):
    if bits == 16:
        return rows.astype(">u2").tobytes(), 2 * rows.shape[1]
    if bits == 8:
        return rows.astype(np.uint8).tobytes(), rows.shape[1]
    per = 8 // bits; out = np.zeros((rows.shape[0], -(-rows.shape[1] // per)), np.uint8)
    for i in range(rows.shape[1]):
        out[:, i // per] |= (rows[:, i] << (8 - bits * (i % per + 1))).astype(np.uint8)
    return out.tobytes(), out.shape[1]


def filtered(raw, stride, bpp):
    """Each of the five filters in turn."""
    rows = np.frombuffer(raw, np.uint8).reshape(-1, stride).astype(int); out = bytearray(); prev = np.zeros(stride, int)
    shift = lambda r: np.concatenate([np.zeros(bpp, int), r])[:stride]
    for y, row in enumerate(rows):
        left, corner = shift(row), shift(prev); p = left + prev - corner
        pa, pb, pc = abs(p - left), abs(p - prev), abs(p - corner)
        paeth = np.where((pa <= pb) & (pa <= pc), left, np.where(pb <= pc, prev, corner))
        out.append(y % 5); out += ((row - [0 * row, left, prev, (left + prev) // 2, paeth][y % 5]) % 256).astype(np.uint8).tobytes(); prev = row
    return bytes(out)


def png(name, pixels, colour, bits, extra=b"", interlaced=False, late=b"", key=None):
    if key is not None:                  # ISO/IEC 15948, 11.3.2.1: compared with samples as stored, of which Pillow scales some first
        extra += chunk(b"tRNS", struct.pack(">" + "H" * np.size(key), *np.ravel(key).tolist()))
        keyed[name] = (pixels == np.asarray(key)).reshape(*pixels.shape[:2], -1).all(-1)
    h, w = pixels.shape[:2]; bpp = max(1, (1 if pixels.ndim == 2 else pixels.shape[2]) * bits // 8)
    encode = lambda a: filtered(*packed(a.reshape(a.shape[0], -1), bits), bpp) if a.size else b""
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)] if interlaced else [(0, 0, 1, 1)]
    z = zlib.compress(b"".join(encode(pixels[y::dy, x::dx]) for x, y, dx, dy in passes)); half = len(z) // 2
    files[name] = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, bits, colour, 0, 0, interlaced)) + extra
                   + chunk(b"IDAT", z[:half]) + chunk(b"IDAT", z[half:]) + late + chunk(b"IEND", b""))


def pngs():
    rgb = drawn(29, 23, 1); grey = rgb[..., 0].astype(int); alpha = rng.integers(0, 256, grey.shape)
    rgb16 = (rgb.astype(int) * 257 + rng.integers(-120, 120, rgb.shape)).clip(0, 65535); coarse = rgb.astype(int) // 64 * 64
    for interlaced in (False, True):
        def add(name, *args, **more):
            png(name + ("-interlaced" if interlaced else "") + ".png", *args, interlaced=interlaced, **more)
        for bits in (1, 2, 4, 8, 16):
            v = grey >> (8 - bits) if bits <= 8 else (grey * 257 + rng.integers(-100, 100, grey.shape)).clip(0, 65535)
            add(f"grey{bits}", v, 0, bits); add(f"grey{bits}-key", v, 0, bits, key=v[5, 5])
        for bits, chosen in ((1, 0), (1, 1), (2, 0), (2, 1), (2, 2), (2, 3), (4, 3), (4, 12)):
            add(f"grey{bits}-key-{chosen}", grey >> (8 - bits), 0, bits, key=chosen)
        add("grey16-dark", grey * 3, 0, 16)
        for bits in (1, 2, 4, 8):
            palette = chunk(b"PLTE", rng.integers(0, 256, 3 << bits).astype(np.uint8).tobytes()); v = grey >> (8 - bits)
            add(f"palette{bits}", v, 3, bits, palette)
            add(f"palette{bits}-alpha", v, 3, bits, palette + chunk(b"tRNS", rng.integers(0, 256, max(1, (1 << bits) // 2)).astype(np.uint8).tobytes()))
        add("rgb8", rgb, 2, 8); add("rgb8-key", coarse, 2, 8, key=coarse[7, 7]); add("rgb16", rgb16, 2, 16); add("rgb16-key", coarse * 257, 2, 16, key=coarse[7, 7] * 257)
        add("grey-alpha8", np.stack([grey, alpha], -1), 4, 8); add("grey-alpha16", np.stack([grey, alpha], -1) * 257, 4, 16)
        add("rgba8", np.concatenate([rgb, alpha[..., None]], -1), 6, 8); add("rgba16", np.concatenate([rgb16, alpha[..., None] * 257], -1), 6, 16)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(); exif = Image.Exif(); exif[0x0112] = 6
    png("gamma.png", rgb, 2, 8, chunk(b"gAMA", struct.pack(">I", 100000))); png("gamma-grey.png", grey, 0, 8, chunk(b"gAMA", struct.pack(">I", 100000)))
    png("profile.png", rgb, 2, 8, chunk(b"iCCP", b"x\0\0" + zlib.compress(profile))); png("profile-broken.png", rgb, 2, 8, chunk(b"iCCP", b"x\0\0" + b"junk" * 99))
    png("background.png", np.concatenate([rgb, alpha[..., None]], -1), 6, 8, chunk(b"bKGD", struct.pack(">HHH", 255, 0, 0)) + chunk(b"pHYs", struct.pack(">IIB", 100, 50, 1)))
    png("exif-after-pixels.png", rgb, 2, 8, late=chunk(b"eXIf", exif.tobytes()[6:])); png("palette-unused.png", rgb, 2, 8, chunk(b"PLTE", bytes(range(48))))


# ---------------------------------------------------------------- the others, by Pillow
def save(name, image, **how):
    out = io.BytesIO(); image.save(out, {"jpg": "JPEG"}.get(name.rsplit(".")[-1], name.rsplit(".")[-1].upper()), **how); files[name] = out.getvalue()


BIG = Image.fromarray(drawn(45, 35, 2)); RGBA = BIG.copy(); RGBA.putalpha(Image.fromarray(drawn(45, 35, 7)[..., 1])); INDEXED = BIG.quantize(64)


def jpegs():
    for sub in ("4:4:4", "4:2:2", "4:2:0"):
        for quality in (50, 95):
            save(f"q{quality}-{sub.replace(':', '')}.jpg", BIG, quality=quality, subsampling=sub)
        save(f"progressive-{sub.replace(':', '')}.jpg", BIG, quality=90, subsampling=sub, progressive=True)
    save("grey.jpg", BIG.convert("L")); save("grey-progressive.jpg", BIG.convert("L"), progressive=True)
    save("profile-broken.jpg", BIG, icc_profile=b"junk" * 100); save("profile-lab.jpg", BIG, icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes())
    save("rgb-by-ids.jpg", BIG, quality=90, keep_rgb=True); save("restarts.jpg", BIG, restart_marker_blocks=3); save("one-pixel.jpg", Image.new("RGB", (1, 1), (9, 200, 77)))
    cmyk = np.asarray(BIG.convert("CMYK")).copy(); cmyk[..., 3] = drawn(45, 35, 5)[..., 0] // 2; cmyk = Image.fromarray(cmyk, "CMYK")
    save("cmyk.jpg", cmyk, quality=90); save("cmyk-progressive.jpg", cmyk, quality=90, progressive=True); save("cmyk-profile-broken.jpg", cmyk, icc_profile=b"junk" * 100)
    b = files["cmyk.jpg"]; i = b.find(b"Adobe"); files["ycck.jpg"] = b[:i + 11] + b"\2" + b[i + 12:]; files["cmyk-unmarked.jpg"] = b[:i - 4] + b[i + 12:]
    b = files["q95-420.jpg"]; i = b.find(b"JFIF"); files["unmarked.jpg"] = b[:i - 4] + b[i + 14:]; files["trailing-bytes.jpg"] = b + b"PK\3\4junk"; files["fill-bytes.jpg"] = b[:2] + b"\xff\xff\xff" + b[2:]
    b = files["rgb-by-ids.jpg"]; files["rgb-by-adobe.jpg"] = b[:2] + b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0" + b[2:]
    for orientation in range(1, 9):
        exif = Image.Exif(); exif[0x0112] = orientation; save(f"exif-{orientation}.jpg", BIG, quality=90, exif=exif)


def webps():
    exif = Image.Exif(); exif[0x0112] = 8
    save("lossless.webp", BIG, lossless=True); save("lossless-alpha.webp", RGBA, lossless=True, exact=True); save("exif.webp", BIG, lossless=True, exif=exif)
    save("profile.webp", BIG, lossless=True, icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    save("animated.webp", RGBA, save_all=True, append_images=[BIG.convert("RGBA")], lossless=True, duration=100)
    save("few-colours.webp", BIG.quantize(7).convert("RGB"), lossless=True); save("grey.webp", BIG.convert("L").convert("RGB"), lossless=True); save("one-pixel.webp", Image.new("RGB", (1, 1), (9, 200, 77)), lossless=True)


def gifs():
    second = BIG.rotate(90).quantize(16)
    save("plain.gif", INDEXED); save("grey.gif", BIG.convert("L")); save("transparent.gif", INDEXED, transparency=5); save("interlaced.gif", INDEXED, interlace=1)
    save("animated.gif", INDEXED, save_all=True, append_images=[second], duration=50, loop=0); save("animated-transparent.gif", INDEXED, save_all=True, append_images=[second], transparency=3, disposal=2)

    def moved(source, name, screen, at, background=None):
        b = bytearray(files[source]); b[6:10] = struct.pack("<HH", *screen); b[11] = b[11] if background is None else background
        i = 13 + (3 << (b[10] & 7) + 1 if b[10] & 128 else 0)
        while b[i] == 0x21:
            i += 2
            while b[i]:
                i += 1 + b[i]
            i += 1
        b[i + 1:i + 5] = struct.pack("<HH", *at); files[name] = bytes(b)
    moved("plain.gif", "offset.gif", (60, 50), (9, 11), 7); moved("transparent.gif", "offset-transparent.gif", (60, 50), (9, 11), 7)
    moved("plain.gif", "beyond-screen.gif", (40, 20), (9, 11)); moved("grey.gif", "offset-grey.gif", (60, 50), (3, 0), 9)


def bmps():
    save("rgb24.bmp", BIG); save("rgba32.bmp", RGBA); save("palette8.bmp", INDEXED); save("grey8.bmp", BIG.convert("L")); save("black-white.bmp", BIG.convert("1"))
    w, h = BIG.size; rows = lambda a: [np.ascontiguousarray(r).tobytes() + b"\0" * (-np.ascontiguousarray(r).nbytes % 4) for r in a]

    def bmp(name, bits, data, compression=0, palette=b"", masks=b"", header=40, colours=0, height=h):
        info = struct.pack("<IiiHHIIiiII", header, w, height, 1, bits, compression, len(data), 2835, 2835, colours, 0) + masks
        info = info.ljust(header, b"\0") if header > 40 else info; offset = 14 + len(info) + len(palette)
        files[name] = b"BM" + struct.pack("<IHHI", offset + len(data), 0, 0, offset) + info + palette + data
    up = lambda a: b"".join(rows(a)[::-1]); a = np.asarray(BIG).astype(int); bgr = np.asarray(BIG)[..., ::-1]; bgra = np.asarray(RGBA)[..., [2, 1, 0, 3]]
    rgb555 = (a[..., 0] >> 3 << 10 | a[..., 1] >> 3 << 5 | a[..., 2] >> 3).astype("<u2"); rgb565 = (a[..., 0] >> 3 << 11 | a[..., 1] >> 2 << 5 | a[..., 2] >> 3).astype("<u2")
    bmp("rgb555.bmp", 16, up(rgb555)); bmp("rgb565.bmp", 16, up(rgb565), 3, masks=struct.pack("<III", 0xF800, 0x7E0, 0x1F)); bmp("rgb555-masks.bmp", 16, up(rgb555), 3, masks=struct.pack("<III", 0x7C00, 0x3E0, 0x1F))
    bmp("top-down.bmp", 24, b"".join(rows(bgr)), height=-h); bmp("rgbx32.bmp", 32, up(bgra)); bmp("rgb32-masks.bmp", 32, up(bgra), 3, masks=struct.pack("<III", 0xFF0000, 0xFF00, 0xFF))
    bmp("rgba32-v5.bmp", 32, up(bgra), 3, masks=struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000) + b"BGRs", header=124)
    table = lambda image, n: b"".join(bytes([c[2], c[1], c[0], 0]) for c in np.array(image.getpalette()[:3 * n]).reshape(-1, 3).tolist())
    few = BIG.quantize(16); nibbles = np.pad(np.asarray(few), ((0, 0), (0, w % 2))); bmp("palette4.bmp", 4, up((nibbles[:, 0::2] << 4 | nibbles[:, 1::2]).astype(np.uint8)), 0, table(few, 16), colours=16)

    def runs(image, both):
        out = b""
        for row in np.asarray(image)[::-1].tolist():
            i = 0
            while i < len(row):
                j = i
                while j < len(row) and row[j] == row[i] and j - i < 255:
                    j += 1
                out += bytes([j - i, row[i] * both]); i = j
            out += b"\0\0"
        return out + b"\0\1"
    bmp("rle8.bmp", 8, runs(INDEXED, 1), 1, table(INDEXED, 64), colours=64); bmp("rle4.bmp", 4, runs(few, 17), 2, table(few, 16), colours=16)
    data = up(bgr); files["os2.bmp"] = b"BM" + struct.pack("<IHHI", 26 + len(data), 0, 0, 26) + struct.pack("<IHHHH", 12, w, h, 1, 24) + data


# ---------------------------------------------------------------- what Pillow makes of them
def natural(image, key=None):
    if image.mode == "I;16":             # Pillow cuts 16-bit grey off at 255; a person sees it scaled
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if key is not None:
        image.info.pop("transparency", None); image = image.convert("RGB"); image.putalpha(Image.fromarray(np.where(key, 0, 255).astype(np.uint8)))
    image = ImageOps.exif_transpose(image)
    if image.mode in ("RGBA", "LA") or "transparency" in image.info:
        image = image.convert("RGBA"); image = Image.alpha_composite(Image.new("RGBA", image.size, (255, 255, 255, 255)), image)
    return image.convert("RGB")


def main():
    pngs(); jpegs(); webps(); gifs(); bmps(); lines = []
    for name, data in sorted(files.items()):
        for style, make in (("reference", lambda image, _: image.convert("RGB")), ("natural", natural)):
            image = make(Image.open(io.BytesIO(data)), keyed.get(name))
            lines.append("\t".join([name, style, *map(str, image.size), hashlib.sha256(image.tobytes()).hexdigest()]))
    with zipfile.ZipFile(HERE / "pictures.zip", "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in [*sorted(files.items()), ("expected.tsv", ("\n".join(lines) + "\n").encode())]:
            out.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    print(len(files), "pictures")


if __name__ == "__main__":
    main()
