package org.llavacluster.training.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.model.image.DecodedImage;
import org.llavacluster.model.image.ImagePreprocessor;
import org.llavacluster.modelio.config.ModelConfig;
import org.llavacluster.modelio.image.ImageFormatException;
import org.llavacluster.modelio.image.ImageLayout;
import org.llavacluster.modelio.image.ImageLayouts;
import org.llavacluster.modelio.image.Preprocess;
import org.llavacluster.training.data.UnusableRecordException;
import org.llavacluster.training.run.LearningSample.ImageFeatures;

/** Pixels of images for a vision tower that learns. They are decoded whenever they are needed. */
final class PixelStore implements ImageSource {

    private final ImagePreprocessor preprocessor;
    private final ImageLayouts layouts;
    private final ImageInput input;
    private final Map<String, ImageLayout> prepared = new ConcurrentHashMap<>();

    PixelStore(ModelConfig config) {
        this.preprocessor = new ImagePreprocessor(config.image(), Preprocess.REFERENCE);
        this.layouts = new ImageLayouts(config);
        this.input = ImageInput.pixels(config);
    }

    @Override
    public String prepare(Path image) {
        DecodedImage decoded = decode(image);
        String name = image.toString();
        prepared.put(name, layouts.of(decoded.width(), decoded.height()));
        return name;
    }

    @Override
    public int rows(String name) {
        return prepared.get(name).rowOrder().length;
    }

    /** Tiles of a prepared image. */
    int tiles(String name) {
        return prepared.get(name).tiles();
    }

    @Override
    public ImageFeatures read(String name) {
        DecodedImage image = decode(Path.of(name));
        ImageLayout layout = prepared.get(name);
        HostTensor pixels = input.heap(layout.tiles());
        preprocessor.write(image, layout, pixels.bytes());
        return new ImageFeatures(pixels, layout.rowOrder());
    }

    @Override
    public long computed() {
        return 0;
    }

    private DecodedImage decode(Path image) {
        try {
            return preprocessor.read(Files.readAllBytes(image));
        } catch (ImageFormatException e) {
            throw new UnusableRecordException("its image cannot be decoded: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {}
}
