package org.llavacluster.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** An image as an archive in the layout of OCI has it. */
record OciArchive(JsonNode config, List<Layer> layers) {

    /**
     * @param bytes size of its files
     * @param packedBytes size in the archive
     */
    record Layer(String digest, long bytes, long packedBytes, List<String> files) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    static OciArchive read(Path archive) throws IOException {
        Map<String, byte[]> entries = new HashMap<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(Files.newInputStream(archive))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                entries.put(entry.getName(), tar.readAllBytes());
            }
        }
        JsonNode index = JSON.readTree(entries.get("index.json"));
        JsonNode manifest = blob(entries, index.get("manifests").get(0).get("digest"));
        List<Layer> layers = new ArrayList<>();
        for (JsonNode layer : manifest.get("layers")) {
            String digest = layer.get("digest").asText();
            layers.add(layer(digest, entries.get(path(digest))));
        }
        return new OciArchive(blob(entries, manifest.get("config").get("digest")), layers);
    }

    private static String path(String digest) {
        return "blobs/" + digest.replace(':', '/');
    }

    private static JsonNode blob(Map<String, byte[]> entries, JsonNode digest) throws IOException {
        return JSON.readTree(entries.get(path(digest.asText())));
    }

    private static Layer layer(String digest, byte[] packed) throws IOException {
        List<String> files = new ArrayList<>();
        long bytes = 0;
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new GZIPInputStream(new ByteArrayInputStream(packed)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (!entry.isDirectory()) {
                    files.add(entry.getName().replaceFirst("^(\\./|/)", ""));
                    bytes += entry.getSize();
                }
            }
        }
        return new Layer(digest, bytes, packed.length, files);
    }
}
