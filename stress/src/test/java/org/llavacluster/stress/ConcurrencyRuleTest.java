package org.llavacluster.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ConcurrencyRuleTest {

    static final class Waiting {

        private final CountDownLatch[] latches = new CountDownLatch[1];

        int latches() {
            return latches.length;
        }
    }

    static final class UsesWaiting {

        private final Waiting waiting = new Waiting();

        int latches() {
            return waiting.latches();
        }
    }

    private final ConcurrencyRule rule =
            new ConcurrencyRule(ClassReferences.of(getClass().getClassLoader()));

    @Test
    void shouldFindWhatAClassAndTheClassesThatItUsesDependOn() {
        assertThat(rule.involvesConcurrency(Waiting.class.getName())).isTrue();
        assertThat(rule.involvesConcurrency(UsesWaiting.class.getName())).isTrue();
        assertThat(rule.involvesConcurrency(ClassReferences.class.getName())).isFalse();
    }

    @Test
    void shouldFollowOnlyClassesOfTheProjectAndEachOnce() {
        Map<String, Set<String>> references = Map.of(
                "org.llavacluster.A", Set.of("org.llavacluster.B", "com.example.Pool"),
                "org.llavacluster.B", Set.of("org.llavacluster.A"),
                "com.example.Pool", Set.of("java.lang.Thread"));
        Function<String, Set<String>> lookup = name -> references.getOrDefault(name, Set.of());
        assertThat(new ConcurrencyRule(lookup).involvesConcurrency("org.llavacluster.A"))
                .isFalse();
    }
}
