package org.llavacluster.stress;

import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.PostDiscoveryFilter;

/** Keeps only the tests that involve threads, processes or sockets, if {@link #PROPERTY} is set. */
public final class ConcurrentTestFilter implements PostDiscoveryFilter {

    static final String PROPERTY = "llava.stress.only-concurrent";

    private final boolean active = Boolean.getBoolean(PROPERTY);
    private final ConcurrencyRule rule =
            new ConcurrencyRule(ClassReferences.of(Thread.currentThread().getContextClassLoader()));

    @Override
    public FilterResult apply(TestDescriptor test) {
        return FilterResult.includedIf(!active
                || test.getSource()
                        .filter(MethodSource.class::isInstance)
                        .map(source -> rule.involvesConcurrency(((MethodSource) source).getClassName()))
                        .orElse(true));
    }
}
