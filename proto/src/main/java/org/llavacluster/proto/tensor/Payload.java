package org.llavacluster.proto.tensor;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;

/** The bytes of the data field, wherever they are stored. */
interface Payload {

    Payload NONE = new Payload() {
        @Override
        public int size() {
            return 0;
        }

        @Override
        public void copyTo(MemorySegment destination, long offset) {}

        @Override
        public void writeTo(OutputStream out) {}

        @Override
        public void close() {}
    };

    int size();

    void copyTo(MemorySegment destination, long offset) throws IOException;

    void writeTo(OutputStream out) throws IOException;

    void close();
}
