package org.llavacluster.clustertest.harness;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives all tests one {@link TestCluster}, and ends it after the last. Without a way to a cluster the tests do not run. */
public final class TestClusterExtension implements ExecutionCondition, ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(TestClusterExtension.class);
    private static final AtomicBoolean SAID = new AtomicBoolean();

    private static final String NO_CLUSTER = """
            The tests on Kubernetes are not run: only root can raise a cluster on this machine. On a cluster of your own, such as kind:
              kind create cluster && kind get kubeconfig > /tmp/kind.kubeconfig
              KUBECONFIG=/tmp/kind.kubeconfig ./mvnw verify -Pkubernetes -Dllava.kubernetes.load='kind load image-archive'""";

    /** The cluster, which ends with the tests. */
    private record Opened(TestCluster cluster) implements AutoCloseable {

        @Override
        public void close() {
            cluster.close();
        }
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (TestCluster.isGiven() || isRoot()) {
            return ConditionEvaluationResult.enabled("there is a cluster");
        }
        if (SAID.compareAndSet(false, true)) {
            System.err.println(NO_CLUSTER);
        }
        return ConditionEvaluationResult.disabled("only root can raise a cluster");
    }

    private static boolean isRoot() {
        try {
            Process id = new ProcessBuilder("id", "-u").start();
            return new String(id.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII)
                    .strip()
                    .equals("0");
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestCluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(Opened.class, key -> new Opened(TestCluster.open()), Opened.class)
                .cluster();
    }
}
