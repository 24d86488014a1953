package org.llavacluster.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class KernelSchedulerTest {

    private final KernelScheduler scheduler = new KernelScheduler();

    @Test
    void shouldConfineAThreadToACoreAndFreeItAgain() throws Exception {
        int thread = scheduler.threads().getFirst();
        String before = allowed(thread);
        int core = scheduler.cores().getLast();
        scheduler.confine(thread, core);
        try {
            assertThat(allowed(thread)).isEqualTo(Integer.toString(core));
        } finally {
            scheduler.free(thread);
        }
        assertThat(allowed(thread)).isEqualTo(before);
    }

    private static String allowed(int thread) throws Exception {
        return Files.readAllLines(Path.of("/proc/self/task/" + thread + "/status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElseThrow();
    }
}
