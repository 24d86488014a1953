package org.llavacluster.proto.contract;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Everything in a set of protos that clients may rely on, one line each. A breaking change changes or removes a line;
 * an addition adds lines.
 */
final class ContractListing {

    private final SortedSet<String> lines = new TreeSet<>();

    private ContractListing() {}

    /** The lines of all files in the project's own packages. */
    static SortedSet<String> of(FileDescriptorSet files) {
        ContractListing listing = new ContractListing();
        files.getFileList().stream()
                .filter(file -> file.getPackage().startsWith("llava."))
                .forEach(listing::add);
        return listing.lines;
    }

    private void add(FileDescriptorProto file) {
        lines.add("file " + file.getName() + " package " + file.getPackage() + " syntax " + file.getSyntax() + " java "
                + file.getOptions().getJavaPackage()
                + (file.getOptions().getJavaMultipleFiles() ? " multiple" : ""));
        file.getServiceList().forEach(service -> add(file.getPackage(), service));
        file.getMessageTypeList().forEach(message -> add(file.getPackage(), message));
        file.getEnumTypeList().forEach(type -> add(file.getPackage(), type));
    }

    private void add(String parent, ServiceDescriptorProto service) {
        String name = parent + "." + service.getName();
        service.getMethodList()
                .forEach(method -> lines.add("method " + name + "/" + method.getName() + "("
                        + (method.getClientStreaming() ? "stream " : "") + type(method.getInputType()) + ") returns ("
                        + (method.getServerStreaming() ? "stream " : "") + type(method.getOutputType()) + ")"));
    }

    private void add(String parent, DescriptorProto message) {
        String name = parent + "." + message.getName();
        lines.add("message " + name);
        for (FieldDescriptorProto field : message.getFieldList()) {
            String oneof = !field.hasOneofIndex()
                    ? ""
                    : field.getProto3Optional()
                            ? " optional"
                            : " oneof "
                                    + message.getOneofDecl(field.getOneofIndex())
                                            .getName();
            lines.add("field " + name + "." + field.getName() + " = " + field.getNumber() + " " + label(field)
                    + kind(field) + oneof);
        }
        message.getNestedTypeList().forEach(nested -> add(name, nested));
        message.getEnumTypeList().forEach(nested -> add(name, nested));
    }

    private void add(String parent, EnumDescriptorProto type) {
        String name = parent + "." + type.getName();
        lines.add("enum " + name);
        type.getValueList()
                .forEach(value -> lines.add("value " + name + "." + value.getName() + " = " + value.getNumber()));
    }

    private static String label(FieldDescriptorProto field) {
        return field.getLabel() == FieldDescriptorProto.Label.LABEL_REPEATED ? "repeated " : "";
    }

    private static String kind(FieldDescriptorProto field) {
        String kind = field.getType().name().substring("TYPE_".length()).toLowerCase(java.util.Locale.ROOT);
        return field.getTypeName().isEmpty() ? kind : kind + " " + type(field.getTypeName());
    }

    private static String type(String qualified) {
        return qualified.startsWith(".") ? qualified.substring(1) : qualified;
    }
}
