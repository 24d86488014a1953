package org.llavacluster.engine.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.contract.RandomTensors;
import org.llavacluster.engine.contract.SmallDecoder;

/** A process that loads a model prints nothing of TensorFlow's, whatever the environment says. */
class StartUpTest {

    @Test
    void shouldStartWithoutAWordOnStderr() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            // The JVM announces incubator modules on its own; TensorFlow needs none.
            if (Stream.of("-D", "-agent", "-javaagent", "--add-modules").noneMatch(argument::startsWith)) {
                command.add(argument);
            }
        }
        command.addAll(List.of("-Xmx64m", "-cp", System.getProperty("java.class.path"), Loading.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("TF_CPP_MIN_LOG_LEVEL");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output).isEqualTo("heard\nloaded\n");
    }

    /** Stands for any worker. */
    static final class Loading {

        private Loading() {}

        public static void main(String[] arguments) {
            System.err.println("heard");
            SmallDecoder decoder = new SmallDecoder(1, 2, 1, 4, 8, 10);
            try (Backend backend = new TensorFlowBackend(1);
                    LoadedModel model = backend.load(
                            List.of(decoder.program()),
                            RandomTensors.weights(1, DType.F32, List.of(decoder.program())),
                            Optional.of(decoder.layout(1, 4, DType.F32)))) {
                System.out.println("loaded");
            }
        }
    }
}
