package org.llavacluster.images;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * The image below the services': a few Debian packages and a Java runtime. Written in the format of {@code docker
 * save}, which Jib reads. The same packages and runtime give the same bytes.
 */
final class BaseImage {

    /** Time of all files: not zero, which some tools take for none. */
    static final FileTime TIME = FileTime.fromMillis(1000);

    private static final int EXECUTABLE = 0755;
    private static final int READABLE = 0644;

    private static final String CONFIG = """
            {"architecture":"amd64","os":"linux",
            "config":{"Env":["PATH=%s/bin:/usr/bin:/bin","LANG=C.UTF-8"]},
            "rootfs":{"type":"layers","diff_ids":["sha256:%s","sha256:%s"]}}""";

    private static final String MANIFEST = """
            [{"Config":"config.json","RepoTags":["llava-cluster/base:made"],
            "Layers":["system.tar","runtime.tar"]}]""";

    private BaseImage() {}

    /**
     * Writes the archive.
     *
     * @param system layer with the operating system's libraries, a tar file
     * @param runtime folder of the Java runtime
     */
    static void write(Path archive, Path system, Path runtime) throws IOException {
        Path java = archive.resolveSibling("runtime.tar");
        layer(java, runtime, ImageCommand.RUNTIME.substring(1));
        String config = CONFIG.formatted(ImageCommand.RUNTIME, sha256(system), sha256(java));
        try (TarArchiveOutputStream tar = tar(archive)) {
            put(tar, "manifest.json", MANIFEST.getBytes(StandardCharsets.UTF_8));
            put(tar, "config.json", config.getBytes(StandardCharsets.UTF_8));
            put(tar, "system.tar", system);
            put(tar, "runtime.tar", java);
        }
    }

    private static void layer(Path layer, Path folder, String prefix) throws IOException {
        try (TarArchiveOutputStream tar = tar(layer);
                Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted().toList()) {
                String name = prefix + "/" + folder.relativize(file);
                if (Files.isSymbolicLink(file)) {
                    TarArchiveEntry link = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
                    link.setLinkName(Files.readSymbolicLink(file).toString());
                    put(tar, link, READABLE);
                    tar.closeArchiveEntry();
                } else if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    put(tar, new TarArchiveEntry(name.endsWith("/") ? name : name + "/"), EXECUTABLE);
                    tar.closeArchiveEntry();
                } else {
                    TarArchiveEntry entry = new TarArchiveEntry(name);
                    entry.setSize(Files.size(file));
                    put(tar, entry, Files.isExecutable(file) ? EXECUTABLE : READABLE);
                    Files.copy(file, tar);
                    tar.closeArchiveEntry();
                }
            }
        }
    }

    private static TarArchiveOutputStream tar(Path file) throws IOException {
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        return tar;
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, int mode) throws IOException {
        entry.setMode(mode);
        entry.setModTime(TIME.toMillis());
        tar.putArchiveEntry(entry);
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        put(tar, entry, READABLE);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static void put(TarArchiveOutputStream tar, String name, Path file) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(Files.size(file));
        put(tar, entry, READABLE);
        Files.copy(file, tar);
        tar.closeArchiveEntry();
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            DigestInputStream digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"));
            digest.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The operating system's packages: what the JVM, TensorFlow and the image decoders link to, and certificates. */
    static List<String> packages() {
        return List.of("libc6", "libstdc++6", "zlib1g", "ca-certificates", "netbase", "tzdata");
    }
}
