package org.llavacluster.engine.contract;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.llavacluster.engine.Backend;

/** What every backend must do. A backend's test extends this and nothing else is needed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class BackendContract implements OperationContract, KvContract, InputContract, ScanContract {

    private Backend backend;

    /** A backend that computes in float32. */
    protected abstract Backend newBackend();

    @BeforeAll
    void open() {
        backend = newBackend();
    }

    @AfterAll
    void close() {
        backend.close();
    }

    @Override
    public Backend backend() {
        return backend;
    }

    /** See {@link Closeness}. */
    @Override
    public double tolerance() {
        return 2e-5;
    }
}
