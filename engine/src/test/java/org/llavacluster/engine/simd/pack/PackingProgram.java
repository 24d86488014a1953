package org.llavacluster.engine.simd.pack;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Another process that writes packed files: it begins, says so, and ends when its input does. */
final class PackingProgram {

    private PackingProgram() {}

    /**
     * @param arguments the folder, how many bytes of 3 it writes as "a.packed", and how often; never: it begins one and
     *     no more
     */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        int rounds = Integer.parseInt(arguments[2]);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment content = arena.allocate(Long.parseLong(arguments[1])).fill((byte) 3);
            if (rounds == 0) {
                PartialFile.in(folder);
            }
            System.out.println("begun");
            for (int i = 0; i < rounds; i++) {
                new PackedFile(folder, "a").write(content);
            }
            System.out.println("done");
            System.in.read();
        }
    }

    static Process start(Path folder, long bytes, int rounds) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        PackingProgram.class.getName(),
                        folder.toString(),
                        Long.toString(bytes),
                        Integer.toString(rounds))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
