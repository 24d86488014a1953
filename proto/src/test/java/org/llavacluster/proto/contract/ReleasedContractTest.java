package org.llavacluster.proto.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Fails the build on a change that breaks users of a released proto. {@code src/test/resources/released.txt} holds the
 * released contract, one line per thing that users may rely on ({@link ContractListing}), and each line must still
 * hold. Additions pass.
 *
 * <p>The file is written with {@code ./mvnw -pl proto test -Dtest=ReleasedContractTest -Dllava.contract.accept=true} on
 * two occasions: a release, which adds its new lines, and a deliberate break. The file's difference in version control
 * is what to review: added lines are additions, removed lines are breaks, which belong in the changelog with their
 * reason.
 */
class ReleasedContractTest {

    private static final Path RELEASED = Path.of("src/test/resources/released.txt");

    @Test
    void shouldKeepEverythingThatWasReleased() throws IOException {
        SortedSet<String> now = ContractListing.of(compiled());
        if (Boolean.getBoolean("llava.contract.accept")) {
            Files.write(RELEASED, now);
        }
        assertThat(broken(now)).as("released, and not so any more").isEmpty();
    }

    @ParameterizedTest
    @MethodSource("breakingChanges")
    void shouldCatchABreakingChange(Consumer<FileDescriptorSet.Builder> change) throws IOException {
        FileDescriptorSet.Builder files = compiled().toBuilder();
        change.accept(files);
        assertThat(broken(ContractListing.of(files.build()))).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("harmlessChanges")
    void shouldLetAnAdditionPass(Consumer<FileDescriptorSet.Builder> change) throws IOException {
        FileDescriptorSet.Builder files = compiled().toBuilder();
        change.accept(files);
        assertThat(broken(ContractListing.of(files.build()))).isEmpty();
    }

    static List<Named<Consumer<FileDescriptorSet.Builder>>> breakingChanges() {
        return List.of(
                change("field removed", files -> image(files).removeField(0)),
                change("field renamed", files -> image(files).getFieldBuilder(0).setName("other")),
                change(
                        "field renumbered",
                        files -> image(files).getFieldBuilder(0).setNumber(99)),
                change(
                        "field of another type",
                        files -> image(files).getFieldBuilder(0).setType(FieldDescriptorProto.Type.TYPE_STRING)),
                change(
                        "field of another message",
                        files -> message(files, "Segment").getFieldBuilder(0).setTypeName(".llava.cluster.v1.Source")),
                change(
                        "field made repeated",
                        files -> image(files).getFieldBuilder(2).setLabel(FieldDescriptorProto.Label.LABEL_REPEATED)),
                change("field without presence any more", files -> message(files, "TensorChunk")
                        .getFieldBuilder(3)
                        .clearProto3Optional()
                        .clearOneofIndex()),
                change("field moved into a oneof", files -> {
                    DescriptorProto.Builder encoded = message(files, "EncodeResult");
                    encoded.getFieldBuilder(0).setOneofIndex(0);
                }),
                change("field moved out of its oneof", files -> message(files, "EncodeResult")
                        .getFieldBuilder(1)
                        .clearOneofIndex()),
                change("oneof renamed", files -> message(files, "EncodeResult")
                        .getOneofDeclBuilder(0)
                        .setName("other")),
                change("message removed", files -> {
                    FileDescriptorProto.Builder file = file(files, "llava/cluster/v1/vision.proto");
                    file.removeMessageType(0);
                }),
                change("message renamed", files -> image(files).setName("Picture")),
                change("enum value removed", files -> file(files, "llava/cluster/v1/tensor.proto")
                        .getEnumTypeBuilder(0)
                        .removeValue(1)),
                change("enum value renumbered", files -> file(files, "llava/cluster/v1/tensor.proto")
                        .getEnumTypeBuilder(0)
                        .getValueBuilder(1)
                        .setNumber(9)),
                change("nested enum value removed", files -> message(files, "TensorChunk")
                        .getEnumTypeBuilder(0)
                        .removeValue(3)),
                change("enum removed", files -> file(files, "llava/cluster/v1/tensor.proto")
                        .removeEnumType(0)),
                change("method removed", files -> file(files, "llava/cluster/v1/vision.proto")
                        .getServiceBuilder(0)
                        .removeMethod(0)),
                change("method renamed", files -> method(files).setName("Other")),
                change("method with another request", files -> method(files)
                        .setInputType(".llava.cluster.v1.WatchRequest")),
                change("method with another response", files -> method(files)
                        .setOutputType(".llava.cluster.v1.NodeState")),
                change("client streaming dropped", files -> method(files).setClientStreaming(false)),
                change("server streaming dropped", files -> method(files).setServerStreaming(false)),
                change("service removed", files -> file(files, "llava/cluster/v1/vision.proto")
                        .removeService(0)),
                change("package renamed", files -> file(files, "llava/v1/llava.proto")
                        .setPackage("llava.v2")),
                change("java package renamed", files -> file(files, "llava/v1/llava.proto")
                        .getOptionsBuilder()
                        .setJavaPackage("org.other")),
                change("public field removed", files -> file(files, "llava/v1/llava.proto")
                        .getMessageTypeBuilder(0)
                        .removeField(0)),
                change("file removed", files -> files.removeFile(index(files, "llava/v1/llava.proto"))));
    }

    static List<Named<Consumer<FileDescriptorSet.Builder>>> harmlessChanges() {
        return List.of(
                change("nothing", _ -> {}),
                change("field added", files -> image(files)
                        .addFieldBuilder()
                        .setName("new_one")
                        .setNumber(77)
                        .setType(FieldDescriptorProto.Type.TYPE_INT32)),
                change("field added to a oneof", files -> message(files, "EncodeResult")
                        .addFieldBuilder()
                        .setName("new_one")
                        .setNumber(77)
                        .setOneofIndex(0)
                        .setType(FieldDescriptorProto.Type.TYPE_INT32)),
                change("message added", files -> file(files, "llava/v1/llava.proto")
                        .addMessageTypeBuilder()
                        .setName("NewOne")),
                change("enum value added", files -> file(files, "llava/cluster/v1/tensor.proto")
                        .getEnumTypeBuilder(0)
                        .addValueBuilder()
                        .setName("DATA_TYPE_NEW")
                        .setNumber(77)),
                change("method added", files -> file(files, "llava/cluster/v1/vision.proto")
                        .getServiceBuilder(0)
                        .addMethodBuilder()
                        .setName("NewOne")
                        .setInputType(".llava.cluster.v1.WatchRequest")
                        .setOutputType(".llava.cluster.v1.NodeState")),
                change("fields reordered in the file", files -> {
                    DescriptorProto.Builder image = image(files);
                    FieldDescriptorProto first = image.getField(0);
                    image.setField(0, image.getField(1)).setField(1, first);
                }));
    }

    private static Named<Consumer<FileDescriptorSet.Builder>> change(
            String name, Consumer<FileDescriptorSet.Builder> change) {
        return Named.of(name, change);
    }

    private static SortedSet<String> broken(SortedSet<String> now) throws IOException {
        SortedSet<String> missing = new TreeSet<>(Files.readAllLines(RELEASED));
        missing.removeAll(now);
        return missing;
    }

    private static FileDescriptorSet compiled() throws IOException {
        try (InputStream in = ReleasedContractTest.class.getResourceAsStream("/llava-descriptors.binpb")) {
            return FileDescriptorSet.parseFrom(in);
        }
    }

    private static int index(FileDescriptorSet.Builder files, String name) {
        for (int i = 0; i < files.getFileCount(); i++) {
            if (files.getFile(i).getName().equals(name)) {
                return i;
            }
        }
        throw new AssertionError("no " + name);
    }

    private static FileDescriptorProto.Builder file(FileDescriptorSet.Builder files, String name) {
        return files.getFileBuilder(index(files, name));
    }

    private static DescriptorProto.Builder message(FileDescriptorSet.Builder files, String name) {
        return files.getFileBuilderList().stream()
                .filter(file -> file.getPackage().equals("llava.cluster.v1"))
                .flatMap(file -> file.getMessageTypeBuilderList().stream())
                .filter(message -> message.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static DescriptorProto.Builder image(FileDescriptorSet.Builder files) {
        return message(files, "ImageReference");
    }

    /** Encode, which streams in both directions. */
    private static MethodDescriptorProto.Builder method(FileDescriptorSet.Builder files) {
        return file(files, "llava/cluster/v1/vision.proto").getServiceBuilder(0).getMethodBuilder(0);
    }
}
