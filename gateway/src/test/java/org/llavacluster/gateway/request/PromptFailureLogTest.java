package org.llavacluster.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llavacluster.modelio.prompt.PromptException;
import org.llavacluster.node.time.SettableClock;

class PromptFailureLogTest {

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Handler recorder = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            lines.add(String.format(entry.getMessage(), entry.getParameters()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final Logger logger = Logger.getLogger(PromptFailureLog.class.getName());

    @BeforeEach
    void record() {
        logger.addHandler(recorder);
    }

    @AfterEach
    void stop() {
        logger.removeHandler(recorder);
    }

    @Test
    void shouldLogThePlaceAndTheCauseAndCountWhatItLeavesOut() {
        SettableClock clock = new SettableClock();
        PromptFailureLog log = new PromptFailureLog(clock);

        for (int i = 0; i < 3; i++) {
            log.add(new PromptException("line " + i + ", column 2: no such filter"));
        }
        clock.advance(Duration.ofSeconds(11));
        log.add(new PromptException("line 4, column 2: no such filter"));

        String problem =
                "a conversation cannot be put into the model's chat template: line %d, column 2: no such filter%s";
        assertThat(lines)
                .containsExactly(problem.formatted(0, ""), problem.formatted(4, " (2 such lines were left out)"));
    }
}
