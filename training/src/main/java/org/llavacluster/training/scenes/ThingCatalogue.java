package org.llavacluster.training.scenes;

import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.imageio.ImageIO;

/** All kinds of things, with their artwork cut to its visible pixels. */
public final class ThingCatalogue {

    private static final String LIST = "things.tsv";
    private static final String DRAWN = "drawn";

    private final List<ThingKind> kinds;
    private final List<ThingKind> drawn;
    private final List<ThingKind> artworks;
    private final Map<String, BufferedImage> images = new ConcurrentHashMap<>();

    private ThingCatalogue(List<ThingKind> kinds) {
        this.kinds = List.copyOf(kinds);
        this.drawn = kinds.stream().filter(kind -> kind.artwork().isEmpty()).toList();
        this.artworks =
                kinds.stream().filter(kind -> kind.artwork().isPresent()).toList();
    }

    /** The kinds that this module has artwork or drawings of. */
    public static ThingCatalogue load() {
        List<ThingKind> kinds = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(open(LIST), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] fields = line.split("\t", -1);
                kinds.add(new ThingKind(
                        kinds.size() + 1,
                        fields[0],
                        fields[1],
                        ThingCategory.valueOf(fields[2].toUpperCase(Locale.ROOT)),
                        Optional.of(fields[3]).filter(file -> !file.equals(DRAWN))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ThingCatalogue(kinds);
    }

    /** In the order of their ids. */
    public List<ThingKind> kinds() {
        return kinds;
    }

    List<ThingKind> drawn() {
        return drawn;
    }

    List<ThingKind> artworks() {
        return artworks;
    }

    /** Width divided by height of what is visible of a kind. */
    double aspect(ThingKind kind) {
        return kind.artwork()
                .map(this::image)
                .map(image -> (double) image.getWidth() / image.getHeight())
                .orElse(1.0);
    }

    /** Artwork without its transparent margins. */
    BufferedImage image(String artwork) {
        return images.computeIfAbsent(artwork, ThingCatalogue::read);
    }

    private static BufferedImage read(String artwork) {
        try (InputStream file = open("artwork/" + artwork)) {
            BufferedImage image = ImageIO.read(file);
            int left = image.getWidth();
            int top = image.getHeight();
            int right = 0;
            int bottom = 0;
            for (int y = 0; y < image.getHeight(); y++) {
                for (int x = 0; x < image.getWidth(); x++) {
                    if (image.getRGB(x, y) >>> 24 > 16) {
                        left = Math.min(left, x);
                        top = Math.min(top, y);
                        right = Math.max(right, x + 1);
                        bottom = Math.max(bottom, y + 1);
                    }
                }
            }
            return image.getSubimage(left, top, right - left, bottom - top);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String resource) throws IOException {
        InputStream stream = ThingCatalogue.class.getResourceAsStream(resource);
        if (stream == null) {
            throw new IOException("the resource " + resource + " is missing");
        }
        return stream;
    }
}
