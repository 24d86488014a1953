package org.llavacluster.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.proto.cluster.v1.Description;

class ReceivedRequestMarshallerTest {

    private final Marshaller<ReceivedRequest<Description>> marshaller =
            new ReceivedRequestMarshaller<>(ProtoUtils.marshaller(Description.getDefaultInstance()), 1 << 20);

    @Test
    void shouldReadAMessage() {
        Description message = Description.newBuilder().setModel("llava").build();
        assertThat(marshaller.parse(new ByteArrayInputStream(message.toByteArray())))
                .isEqualTo(new ReceivedRequest.Read<>(message));
    }

    @Test
    void shouldRefuseTextThatIsNotUtf8() {
        byte[] message = {6 << 3 | 2, 1, (byte) 0xff};
        assertThat(failure(new ByteArrayInputStream(message))).isInstanceOf(Failure.Invalid.class);
    }

    @Test
    void shouldRefuseWhatBreaksWhileItIsRead() {
        assertThat(failure(new IOException("broken"))).isInstanceOf(Failure.Invalid.class);
        assertThat(failure(new IllegalStateException("broken"))).isInstanceOf(Failure.Invalid.class);
        assertThat(failure(Status.RESOURCE_EXHAUSTED.asRuntimeException()))
                .isEqualTo(new Failure.TooLarge(
                        "message", "the message is larger than 1048576 bytes when it is decompressed"));
    }

    private Failure failure(InputStream stream) {
        return ((ReceivedRequest.Unreadable<Description>) marshaller.parse(stream)).failure();
    }

    /** The result for a stream that fails like that. */
    private Failure failure(Exception failure) {
        return failure(new InputStream() {
            @Override
            public int read() throws IOException {
                if (failure instanceof IOException e) {
                    throw e;
                }
                throw (RuntimeException) failure;
            }
        });
    }
}
