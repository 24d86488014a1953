package org.llavacluster.training.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.Sha256;
import org.llavacluster.model.ModelPart;
import org.llavacluster.model.checkpoint.Checkpoint;
import org.llavacluster.model.checkpoint.SafetensorsShard;
import org.llavacluster.model.checkpoint.StoredTensors;
import org.llavacluster.model.checkpoint.WrittenTensor;
import org.llavacluster.model.image.DecodedImage;
import org.llavacluster.model.image.ImagePreprocessor;
import org.llavacluster.model.vision.VisionModel;
import org.llavacluster.model.vision.VisionProgram;
import org.llavacluster.modelio.config.ModelConfig;
import org.llavacluster.modelio.config.ModelFormatException;
import org.llavacluster.modelio.image.ImageFormatException;
import org.llavacluster.modelio.image.ImageLayout;
import org.llavacluster.modelio.image.ImageLayouts;
import org.llavacluster.modelio.image.Preprocess;
import org.llavacluster.training.data.UnusableRecordException;
import org.llavacluster.training.run.LearningSample.ImageFeatures;

/**
 * Features of images from the frozen vision tower, computed once and kept on disk. A file's name is a digest of the
 * image, the tower's weights and the preprocessing, so that what another model has left there is never used.
 */
final class FeatureStore implements ImageSource {

    private static final String FEATURES = "features";
    private static final String ROW_ORDER = "row_order";

    private final Path folder;
    private final Backend backend;
    private final VisionModel vision;
    private final ImagePreprocessor preprocessor;
    private final ImageLayouts layouts;
    private final int side;
    private final String revision;
    private final AtomicLong computed = new AtomicLong();

    /**
     * @param folder is made where it is missing
     */
    FeatureStore(Path folder, Backend backend, ModelConfig config, Checkpoint checkpoint) {
        this.folder = folder;
        this.backend = backend;
        this.vision = VisionModel.load(backend, config, checkpoint);
        this.preprocessor = new ImagePreprocessor(config.image(), Preprocess.REFERENCE);
        this.layouts = new ImageLayouts(config);
        this.side = config.image().side();
        this.revision = checkpoint.revision(ModelPart.VISION) + " " + config.image() + " " + backend.kernelVersion();
    }

    @Override
    public String prepare(Path image) {
        try {
            byte[] encoded = Files.readAllBytes(image);
            String name = name(encoded);
            if (!Files.exists(file(name))) {
                compute(encoded, name);
            }
            return name;
        } catch (ImageFormatException e) {
            throw new UnusableRecordException("its image cannot be decoded: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public long computed() {
        return computed.get();
    }

    @Override
    public ImageFeatures read(String name) {
        try (StoredTensors tensors = StoredTensors.ofFile(file(name))) {
            int[] order = tensors.find(ROW_ORDER).orElseThrow().bytes().toArray(HostTensor.INT);
            return new ImageFeatures(tensors.find(FEATURES).orElseThrow().floats(), order);
        }
    }

    @Override
    public int rows(String name) {
        try (StoredTensors tensors = StoredTensors.ofFile(file(name))) {
            return Math.toIntExact(tensors.find(ROW_ORDER).orElseThrow().elements());
        } catch (ModelFormatException e) {
            throw new ModelFormatException(e.getMessage() + "; delete it to have it computed again", e);
        }
    }

    private void compute(byte[] encoded, String name) throws IOException {
        DecodedImage image = preprocessor.read(encoded);
        ImageLayout layout = layouts.of(image.width(), image.height());
        try (HostTensor pixels = backend.allocate(DType.F32, layout.tiles(), 3, side, side)) {
            preprocessor.write(image, layout, pixels.bytes());
            try (LoadedModel.Outputs outputs = vision.encode(pixels)) {
                write(outputs.get(VisionProgram.FEATURES), layout.rowOrder(), file(name));
            }
        }
        computed.incrementAndGet();
    }

    private static void write(HostTensor features, int[] rowOrder, Path file) throws IOException {
        Files.createDirectories(file.getParent());
        List<Long> shape = List.of(features.shape()[0], features.shape()[1]);
        MemorySegment order = HostTensor.ofInts(rowOrder, rowOrder.length).bytes();
        new SafetensorsShard(List.of(
                        WrittenTensor.of(FEATURES, "F32", shape, features.bytes()),
                        WrittenTensor.of(ROW_ORDER, "I32", List.of((long) rowOrder.length), order)))
                .write(file, file.resolveSibling(file.getFileName() + ".partial"));
    }

    private String name(byte[] encoded) {
        MessageDigest digest = Sha256.start();
        digest.update(revision.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        digest.update(encoded);
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Some thousand folders, because one of half a million files is slow. */
    private Path file(String name) {
        return folder.resolve(name.substring(0, 3)).resolve(name + ".safetensors");
    }

    @Override
    public void close() {
        vision.close();
    }
}
